// The timeline of a run: one scrubber moves the frames and a cursor in every chart.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.timeline = GanLessons.timeline || (function () {
  const { make, button, id, speaker, fixed, calm } = GanLessons.dom;

  /** @typedef {{step: number, picture: string}} Still */
  /** @typedef {{title: string, note: string, frames: Still[], charts: Chart[], width: number, height: number}} Data */

  /** @param {number | null | undefined} v */
  const number = (v) => (v === null || v === undefined ? "unknown" : fixed(v, v !== 0 && Math.abs(v) < 0.1 ? 3 : 2));

  /**
   * Where in a rising list the nearest known step stands.
   * @param {number[]} steps @param {number} step
   */
  function nearest(steps, step) {
    let best = 0;
    for (let i = 1; i < steps.length; i++) if (Math.abs(steps[i] - step) < Math.abs(steps[best] - step)) best = i;
    return best;
  }

  /** @param {HTMLElement} root @param {Data} data */
  function mount(root, data) {
    const { frames } = data;
    const last = Math.max(...frames.map((f) => f.step), ...data.charts.flatMap((c) => c.steps)); // one axis for all
    let at = -1;
    /** @type {ReturnType<typeof setInterval> | undefined} */ let timer;
    const canvas = make("canvas.gl-frame", { role: "img", width: data.width, height: data.height });
    const pictures = frames.map((frame) => make("img", { src: frame.picture, alt: "" }));
    const status = make("p.gl-status", { role: "status" }), say = speaker(status);
    const when = make("span.gl-when"), scrub = make("input", { type: "range", id: id(), min: 0, max: frames.length - 1, step: 1 });

    const charts = data.charts.map((about) => {
      const chart = GanLessons.chart.draw({ ...about, last, label: `${about.label} over the steps of training` });
      const keys = about.lines.map((line) => {
        const key = make("span.gl-key");
        key.classList.toggle("gl-dash", line.dash);
        key.style.setProperty("--gl-colour", `var(${line.colour})`);
        return key;
      });
      const box = make("div.gl-chart", {}, make("p", {}, make("b", { textContent: about.label }), ...keys), chart.element);
      return { about, chart, keys, box };
    });

    /** @param {number} i @param {boolean} [quiet] */
    async function show(i, quiet) {
      at = Math.max(0, Math.min(frames.length - 1, i));
      const { step } = frames[at], name = `Step ${step.toLocaleString("en")}`, words = [];
      scrub.value = String(at);
      when.textContent = name;
      canvas.setAttribute("aria-label", `${name}: what the generator paints from sixteen fixed vectors`);
      for (const { about, chart, keys } of charts) {
        chart.move(step);
        const k = nearest(about.steps, step);
        // where it was not measured near here, say where it was
        const far = Math.abs(about.steps[k] - step) > 0.1 * Math.max(step, 10);
        const from = far ? ` (at step ${about.steps[k].toLocaleString("en")})` : "";
        for (const [j, line] of about.lines.entries()) {
          keys[j].textContent = `${line.name} ${number(line.values[k])}${from}`;
          words.push(keys[j].textContent);
        }
      }
      scrub.setAttribute("aria-valuetext", name);
      if (!quiet) say(`${name}. ${words.join(", ")}.`);
      const picture = pictures[at];
      try {
        await picture.decode();
        if (picture === pictures[at]) canvas.getContext("2d")?.drawImage(picture, 0, 0, data.width, data.height);
      } catch (error) {
        say("This frame cannot be shown.");
      }
    }
    function pause() {
      clearInterval(timer);
      timer = undefined;
      playButton.textContent = "Play";
    }
    function play() {
      if (at === frames.length - 1) show(0, true);
      playButton.textContent = "Pause";
      timer = setInterval(() => {
        show(at + 1, true);
        if (at === frames.length - 1) { pause(); show(at); }
      }, calm() ? 1000 : 180);
    }
    /** @param {number} by */
    function step(by) { pause(); show(at + by); }
    const playButton = button("Play", () => (timer ? (pause(), show(at)) : play()), "gl-first");
    scrub.oninput = () => { pause(); show(Number(scrub.value)); };
    root.append(make("div.gl-app", {},
      make("div.gl-head", {}, make("p.gl-title", { textContent: data.title }), make("p.gl-note", { textContent: data.note })),
      make("div.gl-board", {}, make("div", {}, canvas, make("div.gl-scrub", {}, make("label", { htmlFor: scrub.id }, "Time", when), scrub,
        make("div.gl-buttons", {}, playButton, button("Step back", () => step(-1)), button("Step on", () => step(1)),
          button("First", () => step(-frames.length)), button("Last", () => step(frames.length))))),
      make("div.gl-charts", {}, ...charts.map((c) => c.box))),
      status));
    show(frames.length - 1, true);
  }

  return { mount };
})();
GanLessons.dom.mountAll("timeline", GanLessons.timeline.mount);
