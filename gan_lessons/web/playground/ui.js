// The page: builds the controls, listens to the runs, paints at most once a screen refresh.

const FRAME_MS = 33, CALM_MS = 500; // between pictures; calm: for readers who asked for less motion

/**
 * @param {HTMLElement} root @param {string} source the worker's script
 * @param {{name: string, settings: Partial<Settings>}} options
 */
function playground(root, source, options) {
  const less = matchMedia("(prefers-reduced-motion: reduce)"), frameMs = () => (less.matches ? CALM_MS : FRAME_MS);
  const hash = new RegExp(`[#&]${options.name}=([^&]*)`);
  let show = Object.fromEntries(VIEWS.map((v) => [v, SHOWN_FIRST.includes(v)]));
  let playing = false, pausing = false, slow = false, pace = less.matches ? 60 : 300, editing = 0, wanted = false, spoken = 0;
  /** @type {number[] | null} */ let cursor = null;
  /** @type {Side[]} */ const sides = [];

  // ------------------------------------------------------------------ words
  const live = make("p", { class: "ganp-live", role: "status" }, READY);
  const notice = make("p", { class: "ganp-notice", role: "alert", hidden: true });
  const phase = make("p", { class: "ganp-phase", "aria-live": "polite" });
  const when = make("span", { class: "ganp-when" }, "step 0"); // no <output>: it would be read aloud at every step
  const say = (/** @type {string} */ text) => { live.textContent = text; };
  const warn = (/** @type {string} */ text) => { notice.hidden = !text; notice.textContent = text; };
  const summary = () => sides.map((s) => (sides.length > 1 ? `Run ${s.letter}: ${s.sentence}` : s.sentence)).join(" ");

  // ------------------------------------------------------------------ running
  /** @param {string} order @param {object} [more] */
  const all = (order, more) => sides.forEach((s) => s.run.tell(order, more));
  const furthest = () => Math.max(...sides.map((s) => s.step));

  /** @param {boolean} on @param {boolean} tell false: an order that stops by itself comes next */
  function setPlaying(on, tell = true) {
    if (on && sides.some((s) => s.drawn && !s.settings.drawing.length)) return warn(DRAW_FIRST);
    playing = on;
    playButton.textContent = on ? "Pause" : "Play";
    pausing = !on && tell;
    if (on) { warn(""); say("Training."); all("play"); } else if (tell) all("pause");
    root.dataset.playing = String(on);
  }

  /**
   * A run stopped by itself: the other one must not go on alone.
   * @param {Run} run @param {string} why
   */
  function fell(run, why) {
    if (playing) for (const s of sides) if (s.run !== run) s.run.tell("pause");
    setPlaying(false, false);
    say("");
    warn(why);
  }

  /** @param {Run} run @param {any} m */
  function hear(run, m) {
    if (!sides.some((s) => s.run === run)) return;
    if (m.type === "bench") { root.dispatchEvent(new CustomEvent("bench", { detail: m })); return; }
    if (m.type === "broken") {
      return fell(run, `The numbers ran away at step ${m.step.toLocaleString("en")}: a loss is no longer a number (NaN). ${NAN}`);
    }
    if (m.type === "failed") return fell(run, `This run stopped: ${m.text}.`);
    // two runs stay together: neither gets far ahead of what the other has shown
    for (const other of sides) if (other.run !== run) other.run.tell("limit", { step: m.step + Math.min(200, Math.max(20, pace / 5)) });
    if (pausing) for (const s of sides) if (s.step < furthest()) s.run.tell("pause", { step: furthest() }); // and stop at one step
    if (pausing && sides.every((s) => s.run.frame && !s.run.frame.running && s.step === furthest())) {
      pausing = false;
      say(summary());
    }
    Object.assign(root.dataset, { step: m.step, kernel: m.kind });
    repaint();
  }

  function repaint() { if (!wanted) { wanted = true; requestAnimationFrame(paint); } }

  function paint() {
    wanted = false;
    const p = palette(root), words = !playing || performance.now() - spoken > 500;
    for (const side of sides) {
      side.paint(show, p, sides, cursor);
      if (words && side.run.frame) side.told.textContent = side.sentence;
    }
    if (words) spoken = performance.now();
    const f = sides[0] && sides[0].run.frame;
    if (!f) return;
    if (document.activeElement !== scrub || playing) { scrub.max = String(f.marks.length - 1); scrub.value = String(f.mark); }
    scrub.setAttribute("aria-valuetext", `step ${f.step}`);
    when.textContent = `step ${f.step.toLocaleString("en")}`;
    if (phase.textContent !== f.phase) phase.textContent = slow ? f.phase : "";
  }

  // ------------------------------------------------------------------ runs come and go
  /** @param {Settings} settings */
  function addSide(settings) {
    const side = new Side("AB"[sides.length], new Run(source, settings, hear));
    sides.push(side);
    planes.append(side.box);
    charts.append(side.charts);
    drawable(side, {
      added(drawing) {
        for (const s of sides) if (s !== side && (playing || s.step)) s.run.begin(s.settings);
        begin(side, { ...side.settings, drawing });
        repaint();
      },
      moved(at) { cursor = at; repaint(); },
      say,
    });
    side.run.tell("options", { options: { pace, slow, frameMs: frameMs(), show } });
    body.dataset.sides = String(sides.length);
    begin(side, settings);
  }

  /** @param {Side} side @param {Settings} settings */
  function begin(side, settings) {
    if (playing) { setPlaying(false, false); say(""); }
    pausing = false;
    side.run.begin(settings);
    side.offer();
  }

  /**
   * One seed for both; whoever else is there begins again as well.
   * @param {Settings} settings
   */
  function beginAll(settings) {
    sides.forEach((s, i) => begin(s, i === editing ? settings : { ...s.settings, seed: settings.seed }));
    fill();
  }

  /** @param {Partial<Settings>} changed */
  function change(changed) {
    warn("");
    beginAll({ ...sides[editing].settings, ...changed });
    say(changed.data === "drawing" ? "Draw on the square: drag, or arrow keys and Space. Then play." : "A new run begins.");
  }

  /** @param {Settings | null} other the settings of run B, or null for one run only */
  function compare(other) {
    while (sides.length > 1) sides.splice(1)[0].remove();
    if (other) addSide(other);
    else all("limit", { step: Infinity });
    body.dataset.sides = String(sides.length);
    const box = both.querySelector("input");
    if (box) box.checked = Boolean(other);
    editing = other ? 1 : 0;
    beginAll(sides[editing].settings);
  }

  // ------------------------------------------------------------------ controls
  const single = (/** @type {string} */ order, /** @type {string} */ who) => () => {
    setPlaying(false, false); all(order); say(`One step of the ${who} alone.`);
  };
  const playButton = button("Play", () => setPlaying(!playing), { class: "ganp-main" });
  const scrub = make("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": "Rewind: snapshots of this run", oninput() {
    const f = sides[0].run.frame;
    setPlaying(false, false);
    if (live.textContent !== GO_ON) say(GO_ON); // once, not at every step of the way
    if (f) all("scrub", { step: f.marks[Number(scrub.value)] });
  } });
  const bar = make("div", { class: "ganp-bar" }, playButton, button("Step D", single("stepD", "discriminator")),
    button("Step G", single("stepG", "generator")),
    button("Rewind to 0", () => { setPlaying(false, false); all("scrub", { step: 0 }); say(`Back at step 0. ${GO_ON}`); }),
    toggle("Slow motion", false, (on) => {
      slow = on;
      all("options", { options: { slow } });
      say(on ? "Slow motion: each phase is named." : "Slow motion off.");
    }));

  const setPace = (/** @type {number} */ to) => { pace = to; all("options", { options: { pace } }); };
  const speed = make("div", {}, choice("Steps a second", PACES, pace, setPace)), speeds = speed.querySelector("select");
  const presets = make("div", { class: "ganp-presets", role: "group", "aria-label": "Games to try" }, make("span", {}, "Games to try:"),
    ...Object.values(PRESETS).map((preset) => button(preset.title, () => {
      beginAll({ ...DEFAULTS, seed: sides[0].settings.seed, ...preset.settings });
      if (preset.show) { show = { ...show, ...preset.show }; fillShows(); }
      if (preset.pace && speeds) { setPace(preset.pace); speeds.value = String(preset.pace); }
      setPlaying(true);
      say(preset.say);
    })));

  const about = make("p", { class: "ganp-note" });
  const toggles = make("fieldset", { class: "ganp-shows" });
  function fillShows() {
    toggles.replaceChildren(make("legend", {}, "Show"), ...Object.entries(SHOWS).map(([key, text]) => toggle(text, show[key], (on) => {
      show = { ...show, [key]: on };
      shown();
    }, key)));
    shown();
  }
  function shown() {
    all("options", { options: { show } });
    about.textContent = show.optimum ? ABOUT_OPTIMUM : ABOUT_GROUND;
  }

  const panel = make("div", { class: "ganp-panel" });
  /** The settings panel, for the run that is edited; what was open or in use stays so. */
  function fill() {
    const open = [...panel.querySelectorAll("details")].map((d) => d.open), { settings } = sides[editing];
    const controls = () => /** @type {HTMLElement[]} */ ([...panel.querySelectorAll("select, input, button")]);
    const place = controls().indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const which = make("div", { class: "ganp-which", role: "group", "aria-label": "Whose settings", hidden: sides.length === 1 },
      ...sides.map((s, i) => button(`Settings of ${s.letter}`, () => { editing = i; fill(); }, { "aria-pressed": String(i === editing) })));
    panel.replaceChildren(which, ...settingsPanel(settings, change));
    if (settings.data === "drawing") panel.append(button("Clear the drawing", () => change({ drawing: [] })));
    if (open.length) panel.querySelectorAll("details").forEach((d, i) => { d.open = open[i]; });
    if (place >= 0) controls()[place]?.focus(); // after that: what is folded away takes no focus
  }

  const both = toggle("Two runs side by side", false, (on) => {
    compare(on ? { ...sides[0].settings } : null);
    say(on ? "Two runs on one seed. Change a setting of B, then play." : "One run.");
  });

  // ------------------------------------------------------------------ links
  const share = () => offerLink(options.name, toLink(sides.map((s) => s.settings), show), say);

  /** @returns {boolean} whether there was a link of this playground, good or bad */
  function fromAddress() {
    const found = root.isConnected && location.hash.match(hash);
    if (!found) return false;
    try {
      const link = fromLink(decodeURIComponent(found[1]));
      warn("");
      say(READY);
      show = link.show;
      fillShows();
      editing = 0;
      begin(sides[0], link.runs[0]);
      compare(link.runs[1] ? { ...link.runs[1], seed: link.runs[0].seed } : null);
    } catch (e) { warn(`The link could not be read at ${e instanceof Error ? e.message : "its code"}, so this is the usual game.`); }
    return true;
  }

  // ------------------------------------------------------------------ together
  const planes = make("div", { class: "ganp-stage" }), charts = make("div", { class: "ganp-stage ganp-graphs" });
  const body = make("div", { class: "ganp-body" },
    make("div", { class: "ganp-play" }, bar, make("div", { class: "ganp-scrub" }, scrub, when), phase, planes),
    make("div", { class: "ganp-show" }, toggles, about),
    charts,
    make("div", { class: "ganp-set" }, speed, panel, make("div", { class: "ganp-bar" }, both, button("Share by link", share))));
  root.append(presets, notice, live, body);
  try {
    addSide({ ...DEFAULTS, ...options.settings });
  } catch (error) { // a page that forbids workers
    root.replaceChildren(...root.querySelectorAll(".ganp-still, style"), notice);
    return warn(`This part cannot run here (${error instanceof Error ? error.message : error}). Above is a still picture of it.`);
  }
  root.classList.add("ganp-on");
  fill();
  fillShows();
  fromAddress();
  addEventListener("hashchange", fromAddress);
  watchLooks(root, () => { if (root.isConnected) repaint(); else if (playing) setPlaying(false); }); // a notebook took the cell away
  document.addEventListener("visibilitychange", () => { if (playing) all(document.hidden ? "pause" : "play"); });
  less.addEventListener("change", () => all("options", { options: { frameMs: frameMs() } }));
  /** @type {(steps: number, kind: string) => Promise<{kind: string, rate: number}>} for the benchmark */
  const bench = (steps, kind) => new Promise((done) => {
    root.addEventListener("bench", (e) => done(/** @type {CustomEvent} */ (e).detail), { once: true });
    sides[0].run.tell("bench", { steps, kind, settings: { ...DEFAULTS, r1: 0 } });
  });
  Object.assign(root, { ganp: { sides, bench } });
}
