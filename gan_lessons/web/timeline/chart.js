// A line chart whose horizontal axis is the step, on a logarithmic scale: the first hundred steps
// matter as much as the last ten thousand.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.chart = GanLessons.chart || (function () {
  const WIDTH = 480, HEIGHT = 130, LEFT = 44, BOTTOM = 20, TOP = 8, RIGHT = 10;

  /**
   * @template {keyof SVGElementTagNameMap} K
   * @param {K} tag @param {Record<string, string | number>} values @param {string} [text]
   */
  function svg(tag, values, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /**
   * Two to five round numbers between two ends.
   * @param {number} low @param {number} high
   */
  function ticks(low, high) {
    const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) || rough, out = [];
    for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) out.push(Number(v.toPrecision(6)));
    return out;
  }

  /** @type {GanLessonsParts["chart"]["draw"]} */
  function draw({ steps, last, label, lines }) {
    const root = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
    const known = lines.flatMap((line) => line.values.flatMap((v) => (v === null ? [] : [v]))).sort((a, b) => a - b);
    // A few wild values must not flatten the rest.
    let low = known[Math.floor(0.005 * known.length)] ?? 0, high = known[Math.ceil(0.995 * known.length) - 1] ?? 1;
    const margin = 0.08 * (high - low) || 1;
    low -= margin; high += margin;
    const far = Math.log10(last + 10) - 1 || 1;
    const x = (/** @type {number} */ step) => LEFT + ((WIDTH - LEFT - RIGHT) * (Math.log10(step + 10) - 1)) / far;
    const y = (/** @type {number} */ v) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (Math.max(low, Math.min(high, v)) - low) / (high - low));
    for (const v of ticks(low, high)) {
      root.append(svg("line", { class: "gl-grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(v), y2: y(v) }));
      root.append(svg("text", { x: LEFT - 6, y: y(v) + 4, "text-anchor": "end" }, String(v).replace("-", "−")));
    }
    root.append(svg("text", { x: x(0), y: HEIGHT - 3 }, "step 0"));
    const marks = [100, 1000, 10000, 100000].filter((step) => step < last / 1.8);
    for (const step of marks) root.append(svg("text", { x: x(step), y: HEIGHT - 3, "text-anchor": "middle" }, step.toLocaleString("en")));
    root.append(svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 3, "text-anchor": "end" }, last.toLocaleString("en")));
    for (const { values, colour, dash } of lines) {
      const points = values.flatMap((v, i) => (v === null ? [] : [`${x(steps[i]).toFixed(1)},${y(v).toFixed(1)}`]));
      const look = { class: "gl-line", style: `stroke:var(${colour})`, "stroke-dasharray": dash ? "6 4" : "none" };
      root.append(svg("polyline", { ...look, points: points.join(" ") }));
    }
    const now = svg("line", { class: "gl-now", y1: TOP, y2: HEIGHT - BOTTOM });
    root.append(now);
    return { element: root, move(step) { for (const end of ["x1", "x2"]) now.setAttribute(end, String(x(step))); } };
  }

  return { draw };
})();
