// The page: builds the controls, listens to the runs, paints at most once a screen refresh.

const PACES = [[10, "10 steps a second"], [60, "60 steps a second"], [300, "300 steps a second"], [1000, "1,000 steps a second"], [1e6, "As fast as it can"]];
const SHOWS = { real: "Real points", fake: "Forgeries", landscape: "D’s landscape", optimum: "The best possible D", warp: "Warped noise grid", arrows: "Where G is sent" };

/** @param {HTMLElement} root @param {string} source the worker's script @param {{name: string, settings: Partial<Settings>}} options */
function playground(root, source, options) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = { real: true, fake: true, landscape: true, optimum: false, warp: false, arrows: false };
  const hash = new RegExp(`[#&]${options.name}=([^&]*)`);
  let playing = false, slow = false, pace = calm ? 60 : 300, editing = 0, wanted = false, spoken = 0, cursor = null, lastDot = null;
  /** @type {{run: Run, box: HTMLElement, plane: HTMLCanvasElement, caption: HTMLElement, charts: HTMLCanvasElement[], told: HTMLElement}[]} */
  const sides = [];
  const live = make("p", { class: "ganp-live", role: "status", "aria-live": "polite" });
  const notice = make("p", { class: "ganp-notice", role: "alert", hidden: true });
  const say = (text) => { live.textContent = text; };
  const warn = (text) => { notice.hidden = !text; notice.textContent = text; };
  const all = (order, more) => sides.forEach((s) => s.run.tell(order, more));

  let settings = { ...DEFAULTS, ...options.settings };
  const found = location.hash.match(hash);
  if (found) {
    try { settings = fromText(decodeURIComponent(found[1])); } catch (e) { warn(`The link could not be read at ${e.message}, so this is the usual game.`); }
  }

  const playButton = button("Play", () => setPlaying(!playing), { class: "ganp-main" });
  const slowToggle = toggle("Slow motion", false, (on) => { slow = on; all("options", { options: { slow } }); say(on ? "Slow motion: each phase is named." : "Slow motion off."); });
  const scrub = make("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": "Rewind: snapshots of this run", oninput: () => { setPlaying(false, false); sides.forEach((s) => s.run.tell("scrub", { mark: Math.round((scrub.value / Math.max(1, scrub.max)) * (s.run.frame.marks - 1)) })); } });
  const when = make("output", { class: "ganp-when" }, "step 0");
  const phase = make("p", { class: "ganp-phase" });
  const stage = make("div", { class: "ganp-stage" });
  const panel = make("div", { class: "ganp-panel" });
  const which = make("div", { class: "ganp-which", role: "group", "aria-label": "Whose settings", hidden: true });

  function setPlaying(on, tell = true) {
    if (on && sides.some((s) => s.run.settings.data === "drawing" && !s.run.settings.drawing.length)) return warn("Draw some points first: drag on the square, or move with the arrow keys and press Space.");
    playing = on;
    playButton.textContent = on ? "Pause" : "Play";
    if (on) { warn(""); all("play"); } else if (tell) all("pause");
    say(on ? "Training." : summary());
    root.dataset.playing = String(on);
  }

  function summary() {
    return sides.map((s, i) => s.run.frame && s.run.frame.history.length ? `${sides.length > 1 ? `Run ${"AB"[i]}: ` : ""}${sentence(s.run.frame)}` : "").join(" ");
  }

  function sentence(f) {
    const [, , , modes, of, distance, floor] = f.history[f.history.length - 1];
    const losses = Number.isFinite(f.lossD) ? ` Loss of D ${f.lossD.toFixed(2)}, of G ${Number.isFinite(f.lossG) ? f.lossG.toFixed(2) : "not yet known"}.` : "";
    return `Step ${f.step.toLocaleString("en")}: ${modes} of ${of} places covered, distance ${distance.toFixed(3)} (real against real: ${floor.toFixed(3)}).${losses}`;
  }

  function hear(run, m) {
    const side = sides.find((s) => s.run === run);
    if (!side) return;
    if (m.type === "bench") return root.dispatchEvent(new CustomEvent("bench", { detail: m }));
    if (m.type === "broken") { setPlaying(false, false); warn(`The numbers ran away at step ${m.step}: a loss is no longer a number (NaN). The steps were too large for this slope. Rewind, then lower a learning rate, or add a penalty.`); return; }
    if (m.type === "failed") { setPlaying(false, false); warn(`This run stopped: ${m.text}`); return; }
    root.dataset.step = m.step; root.dataset.kernel = m.kind;
    if (!wanted) { wanted = true; requestAnimationFrame(paint); }
  }

  function paint() {
    wanted = false;
    const p = palette(root);
    sides.forEach((s, i) => {
      const f = s.run.frame;
      if (!f) return;
      const own = s.run.settings.data === "drawing" && f.step === 0 ? s.run.settings.drawing : null;
      paintPlane(s.plane, f, show, p, own, own && document.activeElement === s.plane ? cursor : null);
      paintChart(s.charts[0], f.history, [{ colour: p.real, of: (r) => r[1] }, { colour: p.fake, dash: [5, 3], of: (r) => r[2] }], p);
      paintChart(s.charts[1], f.history, [{ colour: p.ink, of: (r) => r[3] }, { colour: p.soft, dash: [2, 3], of: (r) => r[4] }], p);
      paintChart(s.charts[2], f.history, [{ colour: p.ink, of: (r) => r[5] }, { colour: p.soft, dash: [2, 3], of: (r) => r[6] }], p);
      if (performance.now() - spoken > 500 || !playing) s.told.textContent = sentence(f);
      if (i === 0) {
        if (document.activeElement !== scrub || playing) { scrub.max = f.marks - 1; scrub.value = f.mark; }
        scrub.setAttribute("aria-valuetext", `step ${f.step}`);
        when.textContent = `step ${f.step.toLocaleString("en")}`;
        phase.textContent = slow && f.phase ? f.phase + "." : "";
      }
    });
    if (performance.now() - spoken > 500) spoken = performance.now();
  }

  function addSide(s) {
    const letter = "AB"[sides.length];
    const plane = make("canvas", { class: "ganp-plane", role: "img", "aria-label": `Run ${letter}: real points as rings, forgeries as discs; the background is what D believes` });
    const chart = (label) => make("canvas", { class: "ganp-chart", role: "img", "aria-label": label });
    const charts = [chart("Losses of D and of G by step"), chart("Places covered by step"), chart("Distance to the real points by step, with its floor")];
    const titles = [["Losses", "D —  G ╌"], ["Places covered", "dotted: all"], ["Sliced Wasserstein distance", "dotted: real against real"]];
    const told = make("p", { class: "ganp-told" }), caption = make("p", { class: "ganp-name" }, `Run ${letter}`);
    const box = make("section", { class: "ganp-side", "aria-label": `Run ${letter}` }, caption, plane, told,
      make("div", { class: "ganp-charts" }, ...charts.map((c, i) => make("figure", {}, make("figcaption", {}, make("b", {}, titles[i][0]), " ", make("span", {}, titles[i][1])), c))));
    const side = { run: new Run(source, s, hear), box, plane, caption, charts, told };
    sides.push(side);
    stage.append(box);
    drawable(side);
    side.run.tell("options", { options: { pace, slow, show: { ...show } } });
    side.run.tell("begin", { settings: s });
    stage.dataset.sides = String(sides.length);
  }

  /** Freehand: drag with mouse or finger, or arrows and Space. */
  function drawable(side) {
    const { plane } = side, mine = () => side.run.settings.data === "drawing";
    const add = (x, y) => {
      const s = side.run.settings;
      if (s.drawing.length >= 150) return say("150 points are the most.");
      x = Math.max(-1.45, Math.min(1.45, x)); y = Math.max(-1.45, Math.min(1.45, y));
      if (side.run.frame && side.run.frame.step) setPlaying(false);
      side.run.settings = { ...s, drawing: [...s.drawing, [x, y]] };
      if (side === sides[0]) settings = side.run.settings;
      side.run.tell("begin", { settings: side.run.settings });
    };
    const draw = (e) => {
      const r = plane.getBoundingClientRect(), x = ((e.clientX - r.left) / r.width * 2 - 1) * REACH, y = (1 - (e.clientY - r.top) / r.height * 2) * REACH;
      if (lastDot && Math.hypot(x - lastDot[0], y - lastDot[1]) < 0.05) return;
      lastDot = [x, y]; add(x, y);
    };
    plane.addEventListener("pointerdown", (e) => { if (mine()) { plane.setPointerCapture(e.pointerId); lastDot = null; draw(e); e.preventDefault(); } });
    plane.addEventListener("pointermove", (e) => { if (mine() && e.buttons) draw(e); });
    plane.addEventListener("keydown", (e) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
      if (!mine() || (!move && e.key !== " ")) return;
      e.preventDefault();
      cursor = cursor || [0, 0];
      if (move) cursor = cursor.map((v, i) => Math.max(-1.4, Math.min(1.4, v + 0.08 * move[i]))); else add(...cursor);
      paint();
    });
  }

  function begin(i) {
    const side = sides[i], s = side.run.settings;
    if (playing) setPlaying(false);
    side.plane.tabIndex = s.data === "drawing" ? 0 : -1;
    side.plane.classList.toggle("ganp-draw", s.data === "drawing");
    side.run.tell("begin", { settings: s });
  }

  function change(changed) {
    const side = sides[editing];
    warn("");
    side.run.settings = { ...side.run.settings, ...changed };
    if ("seed" in changed) sides.forEach((s) => { s.run.settings = { ...s.run.settings, seed: changed.seed }; }); // one seed for both
    settings = sides[0].run.settings;
    sides.forEach((_, i) => { if (i === editing || "seed" in changed || sides.length > 1) begin(i); });
    if (changed.data === "drawing") say("Draw on the square: drag, or arrow keys and Space. Then play.");
    if (changed.data === "drawing") fill();
    else say("A new run begins.");
  }

  function fill() {
    const open = [...panel.querySelectorAll("details")].map((d) => d.open), s = sides[editing].run.settings;
    const place = [...panel.querySelectorAll("select, input, button")].indexOf(document.activeElement);
    panel.replaceChildren(which, ...settingsPanel(s, change));
    if (place >= 0) panel.querySelectorAll("select, input, button")[place]?.focus();
    if (open.length) panel.querySelectorAll("details").forEach((d, i) => { d.open = open[i]; });
    if (s.data === "drawing") panel.append(button("Clear the drawing", () => change({ drawing: [] })));
  }

  function compare(on) {
    setPlaying(false);
    if (on && sides.length === 1) addSide({ ...sides[0].run.settings });
    if (!on && sides.length > 1) { const [gone] = sides.splice(1); gone.run.close(); gone.box.remove(); editing = 0; stage.dataset.sides = "1"; }
    which.hidden = sides.length === 1;
    editing = on ? 1 : 0;
    which.replaceChildren(...sides.map((_, i) => button(`Settings of ${"AB"[i]}`, (e) => { editing = i; [...which.children].forEach((b, j) => b.setAttribute("aria-pressed", String(i === j))); fill(); which.children[i].focus(); }, { "aria-pressed": String(i === editing) })));
    fill();
    sides.forEach((_, i) => begin(i));
    say(on ? "Two runs on one seed. Change a setting of B, then play." : "One run.");
  }

  async function share() {
    const text = `${options.name}=${toText(sides[0].run.settings) || "seed:" + DEFAULTS.seed}`;
    const rest = location.hash.replace(/^#/, "").split("&").filter((h) => h.includes("=") && !h.startsWith(options.name + "="));
    history.replaceState(history.state, "", "#" + [...rest, text].join("&"));
    try { await navigator.clipboard.writeText(location.href); say("The link is copied, and stands in the address bar."); } catch { say("The link stands in the address bar: copy it from there."); }
  }

  const presets = make("div", { class: "ganp-presets", role: "group", "aria-label": "Games to try" }, ...Object.values(PRESETS).map((preset) => button(preset.title, () => {
    sides[editing].run.settings = { ...DEFAULTS, seed: settings.seed, ...preset.settings };
    if (!editing) settings = sides[0].run.settings;
    begin(editing); fill(); say(preset.say);
    setPlaying(true); say(preset.say);
  })));
  const toggles = make("fieldset", { class: "ganp-shows" }, make("legend", {}, "Show"), ...Object.entries(SHOWS).map(([key, text]) => toggle(text, show[key], (on) => { show[key] = on; all("options", { options: { show: { ...show } } }); help(); })));
  const optimumNote = make("p", { class: "ganp-note", hidden: true });
  function help() {
    optimumNote.hidden = !show.optimum;
    optimumNote.textContent = "The best possible D at each place is p / (p + q): p, the density of the real points, is known exactly; q, that of the forgeries, is estimated from 256 of them, and both are blurred alike. It is the goal of the non-saturating, saturating and least-squares D; hinge seeks only which of the two is larger; a Wasserstein critic seeks something else.";
  }
  const reset = button("Rewind to 0", () => { setPlaying(false, false); all("scrub", { mark: 0 }); say("Back at step 0. Play goes on from here."); });
  root.append(
    presets, notice, live,
    make("div", { class: "ganp-body" },
      make("div", { class: "ganp-left" },
        make("div", { class: "ganp-bar" }, playButton, button("Step D", () => { setPlaying(false, false); all("stepD"); say("One step of the discriminator alone."); }), button("Step G", () => { setPlaying(false, false); all("stepG"); say("One step of the generator alone."); }), reset, slowToggle),
        make("div", { class: "ganp-scrub" }, scrub, when), phase, stage),
      make("div", { class: "ganp-right" }, toggles, optimumNote,
        make("div", { class: "ganp-fields" }, choice("Speed", PACES, pace, (v) => { pace = v; all("options", { options: { pace } }); })), panel,
        make("div", { class: "ganp-bar" }, toggle("Two runs side by side", false, compare), button("Share by link", share)))),
  );
  addSide(settings);
  fill();
  begin(0);
  addEventListener("resize", () => { if (!wanted) { wanted = true; requestAnimationFrame(paint); } });
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  root.ganp = { sides, bench: (steps, kind) => new Promise((done) => { root.addEventListener("bench", (e) => done(e.detail), { once: true }); sides[0].run.tell("bench", { steps, kind, settings: { ...DEFAULTS, r1: 0 } }); }) };
}
