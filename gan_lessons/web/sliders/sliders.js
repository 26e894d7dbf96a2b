// The latent sliders. There is one truth, the latent vector z; every slider is a view of it.
// A direction slider shows how far z reaches along that direction, z . d, and moves z along d.
"use strict";
var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = {});

GanLessons.sliders = GanLessons.sliders || (function () {
  const { make, button, id } = GanLessons.dom;
  const { random, dot, slerp, spell, read } = GanLessons.latent;
  const REACH = 4; // sliders go from -4 to 4: a normal number is hardly ever further out

  /**
   * @param {HTMLElement} root
   * @param {{generator: object, discriminator: ?object, start: number[], directions: {name: string, low: string, high: string, vector: number[]}[], title: string, note: string, what: string}} data
   */
  function mount(root, data) {
    const generator = GanLessons.engine.load(data.generator);
    const dealer = data.discriminator && GanLessons.engine.load(data.discriminator);
    const [height, width] = generator.outputShape, n = data.start.length;
    const key = `gl-${data.generator.digest.slice(0, 8)}`;
    let z = data.start.slice(), gesture = null, playing = 0, previewing = 0;
    const past = [], saved = [null, null];

    // ------------------------------------------------------------------ painting
    /** @param {HTMLCanvasElement} canvas */
    function paint(canvas, picture) {
      canvas.width = width; canvas.height = height;
      const context = canvas.getContext("2d"), pixels = context.createImageData(width, height);
      for (let i = 0, o = 0; i < picture.length; i += 3, o += 4) {
        for (let c = 0; c < 3; c++) pixels.data[o + c] = (picture[i + c] + 1) * 127.5;
        pixels.data[o + 3] = 255;
      }
      context.putImageData(pixels, 0, 0);
    }
    const along = (vector, direction, to) => {
      const by = to - dot(vector, direction);
      return vector.map((x, i) => x + by * direction[i]);
    };

    const notice = make("p.gl-notice", { role: "alert", hidden: true });
    const status = make("p.gl-status", { "aria-live": "polite" });
    const say = GanLessons.dom.speaker(status);
    const canvas = make("canvas.gl-picture", { role: "img", "aria-label": `${data.what}, painted by the generator` });
    const verdict = make("p"), bar = make("i"), explain = make("p.gl-note");
    const dealerBox = make("div.gl-dealer", { hidden: !dealer }, verdict, make("div.gl-meter", { "aria-hidden": "true" }, bar), explain);

    let judging = 0, picture = null;
    /** Paint z at once; the dealer's verdict and the small pictures follow when there is time. */
    function show(from) {
      picture = generator.run(z);
      paint(canvas, picture);
      for (const view of views) if (view !== from) view.update();
      if (dealer && !judging) judging = requestAnimationFrame(() => { judging = 0; judge(); });
      clearTimeout(previewing);
      previewing = setTimeout(previews, 160);
    }
    function judge() {
      const score = dealer.run(picture)[0], share = 1 / (1 + Math.exp(-score));
      if (data.probability) {
        verdict.textContent = `The dealer's output: ${score.toFixed(3)}`;
        bar.style.width = `${100 * score}%`;
      } else {
        const percent = (100 * share).toFixed(share > 0.01 && share < 0.99 ? 0 : 1);
        verdict.textContent = `The dealer: ${percent} % real (logit ${score > 0 ? "+" : "−"}${Math.abs(score).toFixed(2)})`;
        explain.textContent = share > 0.5 ? "The dealer takes it for a real one." : "The dealer suspects a forgery.";
        bar.style.width = `${100 * share}%`;
      }
    }
    /** What this picture would become at both ends of each direction, one a task. */
    function previews() {
      let i = 0;
      (function next() {
        const row = rows[i >> 1];
        if (!row) return;
        paint(row.ends[i & 1], generator.run(along(z, row.direction, i & 1 ? REACH - 1 : 1 - REACH)));
        i++;
        previewing = setTimeout(next, 0);
      })();
    }

    // ------------------------------------------------------------------ changing z
    function remember() {
      past.push(z.slice());
      if (past.length > 200) past.shift();
      undoButton.disabled = false;
    }
    function go(next, words) {
      stop();
      remember();
      z = next;
      show();
      say(words);
    }
    function undo() {
      if (!past.length) return;
      stop();
      z = past.pop();
      undoButton.disabled = !past.length;
      show();
      say("One step back.");
    }
    /** A slider that reads and writes z. */
    function slider(name, get, set, low, high) {
      const value = make("output"), input = make("input", { type: "range", id: id(), min: -REACH, max: REACH, step: 0.05 });
      value.setAttribute("for", input.id);
      const view = {
        input, value,
        label: make("label", { htmlFor: input.id }, name, value),
        update() { input.value = get(); view.tell(); },
        tell() {
          const v = get();
          value.textContent = `${v < 0 ? "−" : ""}${Math.abs(v).toFixed(2)}`;
          const side = low ? `, ${v < -0.3 ? low : v > 0.3 ? high : "in the middle"}` : "";
          input.setAttribute("aria-valuetext", v.toFixed(2) + side);
        },
      };
      input.oninput = () => {
        stop();
        if (gesture !== view) { gesture = view; remember(); }
        set(Number(input.value));
        view.tell();
        show(view);
      };
      input.onchange = () => { gesture = null; };
      views.push(view);
      return view;
    }

    const views = [];
    const rows = data.directions.map((d) => {
      const view = slider(d.name, () => dot(z, d.vector), (v) => { z = along(z, d.vector, v); }, d.low, d.high);
      const ends = [0, 1].map(() => make("canvas", { "aria-hidden": "true", width, height }));
      return { direction: d.vector, ends, row: make("div.gl-row", {}, view.label, ends[0], view.input, ends[1]) };
    });
    const raw = make("div.gl-raw");
    const details = make("details", {}, make("summary", { textContent: `All ${n} numbers of the latent vector` }), raw);
    details.ontoggle = () => { // made when they are first asked for
      if (raw.childElementCount) return;
      for (let i = 0; i < n; i++) {
        const view = slider(`z${i + 1}`, () => z[i], (v) => { z = z.slice(); z[i] = v; });
        raw.append(make("div", {}, view.label, view.input));
        view.update();
      }
    };

    // ------------------------------------------------------------------ the way from A to B
    const wayInput = make("input", { type: "range", id: id(), min: 0, max: 1, step: 0.01, value: 0, disabled: true });
    const playButton = button("Play the way", () => (playing ? stop() : play()));
    playButton.disabled = true;
    const ends = ["A", "B"].map((letter, i) => {
      const picture = make("canvas", { role: "img", "aria-label": `${letter}: empty`, width, height });
      const keep = button(`Keep as ${letter}`, () => {
        saved[i] = z.slice();
        paint(picture, generator.run(z));
        picture.setAttribute("aria-label", `${letter}: kept`);
        wayInput.disabled = playButton.disabled = !(saved[0] && saved[1]);
        say(saved[0] && saved[1] ? "Both ends are kept: move the slider between them." : `Kept as ${letter}. Now find another one.`);
      });
      return make("div.gl-end", {}, picture, keep);
    });
    function between(t) {
      wayInput.value = t;
      wayInput.setAttribute("aria-valuetext", `${Math.round(100 * t)} % of the way from A to B`);
      z = slerp(saved[0], saved[1], t);
      show();
    }
    wayInput.oninput = () => {
      stop();
      if (gesture !== wayInput) { gesture = wayInput; remember(); }
      between(Number(wayInput.value));
    };
    wayInput.onchange = () => { gesture = null; };
    function play() {
      remember();
      playButton.textContent = "Pause";
      const start = performance.now(), calm = GanLessons.dom.calm();
      let last = -1;
      (function frame(now) {
        let t = Math.min(1, Math.max(0, (now - start) / 4000));
        if (calm) t = Math.floor(t * 5) / 5; // still pictures instead of a film
        if (t !== last) between(last = t);
        if (t < 1) playing = requestAnimationFrame(frame);
        else stop();
      })(start);
    }
    function stop() {
      cancelAnimationFrame(playing);
      playing = 0;
      playButton.textContent = "Play the way";
    }

    // ------------------------------------------------------------------ sharing and saving
    const others = () => location.hash.slice(1).split("&").filter((part) => part && !part.startsWith(`${key}=`));
    async function share() {
      const hash = `#${[...others(), `${key}=${spell(z)}`].join("&")}`;
      try { history.replaceState(null, "", hash); } catch (error) { /* some frames forbid it */ }
      const link = location.href.split("#")[0] + hash;
      try {
        await navigator.clipboard.writeText(link);
        say("The link to this picture is copied.");
      } catch (error) {
        linkField.value = link;
        linkBox.hidden = false;
        linkField.focus();
        linkField.select();
        say("Copy the link from the field.");
      }
    }
    const linkField = make("input", { id: id(), readOnly: true });
    linkField.style.cssText = "width:100%;min-height:44px;font:inherit;color:inherit;background:transparent;border:1px solid var(--gl-control);border-radius:9px;padding:0 .6rem";
    const linkBox = make("div", { hidden: true }, make("label", { htmlFor: linkField.id, textContent: "Link to this picture" }), linkField);
    function fromLink() {
      const part = location.hash.slice(1).split("&").find((p) => p.startsWith("gl-"));
      if (!part) return;
      const [name, text = ""] = part.split("=");
      const own = name === key ? part : location.hash.slice(1).split("&").find((p) => p.startsWith(`${key}=`));
      const vector = own && read(own.slice(key.length + 1), n);
      if (vector) { remember(); z = vector; notice.hidden = true; show(); return; }
      if (!own && document.querySelectorAll('[data-gl="sliders"]').length > 1) return; // another's link
      notice.textContent = own || !text
        ? "The link to a picture is broken, perhaps cut short. Here is the first picture instead."
        : "That link belongs to another generator. Here is the first picture of this one instead.";
      notice.hidden = false;
    }
    addEventListener("hashchange", fromLink);
    function save() {
      const large = make("canvas", { width: width * 16, height: height * 16 }), context = large.getContext("2d");
      context.imageSmoothingEnabled = false;
      context.drawImage(canvas, 0, 0, large.width, large.height);
      make("a", { href: large.toDataURL("image/png"), download: "forgery.png" }).click();
      say("Saved as forgery.png.");
    }

    const undoButton = button("Undo", undo);
    undoButton.disabled = true;
    root.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); undo(); }
    });
    const app = make("div.gl-app", {},
      make("div.gl-head", {}, make("p.gl-title", { textContent: data.title }), make("p.gl-note", { textContent: data.note })),
      notice,
      make("div.gl-board", {},
        make("div.gl-left", {}, canvas, dealerBox,
          make("div.gl-buttons", {},
            button("Random", () => go(random(n), "A new random picture."), "gl-first"), undoButton,
            button("Reset", () => go(data.start.slice(), "Back to the first picture.")),
            button("Share", share), button("Save PNG", save)), linkBox),
        make("div", {},
          make("div.gl-directions", { role: "group", "aria-label": "Directions" }, ...rows.map((r) => r.row)),
          make("div.gl-way", { role: "group", "aria-label": "From A to B" }, ends[0],
            make("div.gl-middle", {}, make("label", { htmlFor: wayInput.id, textContent: "From A to B, along the arc" }), wayInput, playButton), ends[1]))),
      details, status);
    root.append(app);
    show();
    fromLink();
  }

  return { mount };
})();
GanLessons.dom.mountAll("sliders", GanLessons.sliders.mount);
