// The latent sliders. There is one truth, the latent vector z; every slider is a view of it.
// A direction slider shows how far z reaches along that direction, z . d, and moves z along d.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.sliders = GanLessons.sliders || (function () {
  const { make, button, id, fixed } = GanLessons.dom;
  const { random, dot, slerp, spell, read } = GanLessons.latent;
  const REACH = 4; // sliders go from -4 to 4: a normal number is hardly ever further out

  /** @typedef {{name: string, low: string, high: string, vector: number[]}} Direction */
  /**
   * @typedef {{generator: Model, discriminator: ?Model, probability: boolean, start: number[],
   *   directions: Direction[], title: string, note: string, what: string}} Data
   */
  /** @typedef {{input: HTMLInputElement, label: HTMLElement, update: () => void, tell: () => void}} View */

  /** @param {HTMLElement} root @param {Data} data */
  function mount(root, data) {
    const generator = GanLessons.engine.load(data.generator);
    const dealer = GanLessons.dealer.box(data.discriminator && GanLessons.engine.load(data.discriminator), data.probability);
    const [height, width] = generator.outputShape, n = data.start.length;
    const key = `gl-${data.generator.digest.slice(0, 8)}`;
    let z = data.start.slice(), playing = 0, judging = 0;
    /** @type {Float32Array} */ let picture;
    /** @type {View | HTMLInputElement | null} what is being dragged */ let gesture = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ let previewing;
    /** @type {number[][]} */ const past = [];
    /** @type {(number[] | null)[]} */ const saved = [null, null];
    /** @type {View[]} */ const views = [];

    // ------------------------------------------------------------------ painting
    const paint = (/** @type {HTMLCanvasElement} */ on, /** @type {number[]} */ vector) =>
      GanLessons.picture.paint(on, generator.run(vector), width, height);
    /** @type {(vector: number[], direction: number[], to: number) => number[]} */
    const along = (vector, direction, to) => {
      const by = to - dot(vector, direction);
      return vector.map((x, i) => x + by * direction[i]);
    };

    const notice = make("p.gl-notice", { role: "alert", hidden: true });
    const status = make("p.gl-status", { role: "status" }), say = GanLessons.dom.speaker(status);
    const canvas = make("canvas.gl-picture", { role: "img", "aria-label": `${data.what}, painted by the generator` });

    /**
     * Paint z at once; the dealer's verdict and the small pictures follow when there is time.
     * @param {View} [from] the slider that moved and shows the right value already
     */
    function show(from) {
      picture = generator.run(z);
      GanLessons.picture.paint(canvas, picture, width, height);
      for (const view of views) if (view !== from) view.update();
      if (!judging) judging = requestAnimationFrame(() => { judging = 0; dealer.judge(picture); });
      clearTimeout(previewing);
      previewing = setTimeout(previews, 160);
    }
    /** What this picture would become at both ends of each direction, one a task. */
    function previews() {
      let i = 0;
      (function next() {
        const row = rows[i >> 1];
        if (!row) return;
        paint(row.ends[i & 1], along(z, row.direction, i & 1 ? REACH - 1 : 1 - REACH));
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
    /** @param {number[]} next @param {string} words */
    function go(next, words) {
      stop();
      remember();
      z = next;
      show();
      say(words);
    }
    function undo() {
      const before = past.pop();
      if (!before) return;
      stop();
      z = before;
      undoButton.disabled = !past.length;
      show();
      say("One step back.");
    }
    /**
     * Once for each drag.
     * @param {View | HTMLInputElement} what
     */
    function grip(what) {
      stop();
      if (gesture !== what) { gesture = what; remember(); }
    }
    function release() {
      gesture = null;
      if (data.discriminator) setTimeout(() => say(dealer.words()), 50);
    }
    /**
     * A slider that reads and writes z.
     * @param {string} name @param {() => number} get @param {(v: number) => void} set
     * @param {string} [low] @param {string} [high] what its ends mean
     */
    function slider(name, get, set, low, high) {
      // no <output> for the value: eight of them would be read aloud at every move
      const value = make("span.gl-value"), input = make("input", { type: "range", id: id(), min: -REACH, max: REACH, step: 0.05 });
      /** @type {View} */
      const view = {
        input,
        label: make("label", { htmlFor: input.id }, name, value),
        update() { input.value = String(get()); view.tell(); },
        tell() {
          const v = get();
          value.textContent = fixed(v);
          input.setAttribute("aria-valuetext", fixed(v) + (low ? `, ${v < -0.3 ? low : v > 0.3 ? high : "in the middle"}` : ""));
        },
      };
      input.oninput = () => {
        grip(view);
        set(Number(input.value));
        view.tell();
        show(view);
      };
      input.onchange = release;
      views.push(view);
      return view;
    }

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
    const wayLabel = make("label", { htmlFor: wayInput.id, textContent: "From A to B, along the arc" });
    const playButton = button("Play the way", () => (playing ? stop() : play()));
    playButton.disabled = true;
    const ends = ["A", "B"].map((letter, i) => {
      const small = make("canvas", { role: "img", "aria-label": `${letter}: empty`, width, height });
      const keep = button(`Keep as ${letter}`, () => {
        saved[i] = z.slice();
        paint(small, z);
        small.setAttribute("aria-label", `${letter}: kept`);
        const both = saved[0] !== null && saved[1] !== null;
        wayInput.disabled = playButton.disabled = !both;
        say(both ? "Both ends are kept: move the slider between them." : `Kept as ${letter}. Now find another one.`);
      });
      return make("div.gl-end", {}, small, keep);
    });
    /** @param {number} t */
    function between(t) {
      if (!saved[0] || !saved[1]) return;
      wayInput.value = String(t);
      wayInput.setAttribute("aria-valuetext", `${Math.round(100 * t)} % of the way from A to B`);
      z = slerp(saved[0], saved[1], t);
      show();
    }
    wayInput.oninput = () => { grip(wayInput); between(Number(wayInput.value)); };
    wayInput.onchange = release;
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
    const linkField = make("input.gl-field", { id: id(), readOnly: true });
    const linkBox = make("div", { hidden: true }, make("label", { htmlFor: linkField.id, textContent: "Link to this picture" }), linkField);
    async function share() {
      const link = GanLessons.link.write(key, spell(z)), whole = !link.startsWith("#");
      try {
        await navigator.clipboard.writeText(link);
        say(whole ? "The link to this picture is copied." : "Copied: put it behind the address of a page with these sliders.");
      } catch (error) {
        linkField.value = link;
        linkBox.hidden = false;
        linkField.focus();
        linkField.select();
        say(whole ? "Copy the link from the field." : "Copy it, and put it behind the address of a page with these sliders.");
      }
    }
    function fromLink() {
      const { own, other } = GanLessons.link.read(key), vector = own !== null && read(own, n);
      if (vector) { stop(); remember(); z = vector; notice.hidden = true; show(); return; }
      const alone = document.querySelectorAll('[data-gl="sliders"]').length === 1;
      if (own === null && !(other && alone)) return; // no link, or one for another's sliders
      notice.textContent = own !== null
        ? "The link to a picture is broken, perhaps cut short. Here is the first picture instead."
        : "That link belongs to another generator. Here is the first picture of this one instead.";
      notice.hidden = false;
    }
    addEventListener("hashchange", fromLink);

    const undoButton = button("Undo", undo);
    undoButton.disabled = true;
    root.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); undo(); }
    });
    const save = () => { GanLessons.picture.save(canvas, 16, "forgery.png"); say("Saved as forgery.png."); };
    root.append(make("div.gl-app", {},
      make("div.gl-head", {}, make("p.gl-title", { textContent: data.title }), make("p.gl-note", { textContent: data.note })),
      notice,
      make("div.gl-board", {},
        make("div.gl-left", {}, canvas, dealer.element,
          make("div.gl-buttons", {},
            button("Random", () => go(random(n), "A new random picture."), "gl-first"), undoButton,
            button("Reset", () => go(data.start.slice(), "Back to the first picture.")),
            button("Share", share), button("Save PNG", save)), linkBox),
        make("div", {},
          make("div.gl-directions", { role: "group", "aria-label": "Directions" }, ...rows.map((r) => r.row)),
          make("div.gl-way", { role: "group", "aria-label": "From A to B" }, ends[0],
            make("div.gl-middle", {}, wayLabel, wayInput, playButton), ends[1]))),
      details, status));
    show();
    fromLink();
  }

  return { mount };
})();
GanLessons.dom.mountAll("sliders", GanLessons.sliders.mount);
