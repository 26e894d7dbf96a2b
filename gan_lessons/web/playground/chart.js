// A small line chart: steps to the right.

/** @typedef {{colour: string, dash?: number[], of: (row: Frame["log"][0]) => number | null}} Line */

/** @param {Line} line @param {Frame["log"][0]} row @returns {number} NaN when unknown */
const valueAt = (line, row) => line.of(row) ?? NaN;

/**
 * The ends of both axes, so that charts of two runs can share them.
 * @param {Frame["log"][]} logs @param {Line[]} lines
 */
function extent(logs, lines) {
  let low = 0, high = -Infinity, last = 1;
  for (const log of logs) for (const row of log) {
    last = Math.max(last, Number(row[0]));
    for (const line of lines) {
      const v = valueAt(line, row);
      if (Number.isFinite(v)) { low = Math.min(low, v); high = Math.max(high, v); }
    }
  }
  return { low, high: high - low < 1e-6 || high === -Infinity ? low + 1 : high, last };
}

/**
 * A number for the axis, never longer than its margin.
 * @param {number} v
 */
const short = (v) => (Math.abs(v) >= 1e5 ? v.toExponential(1).replace("+", "")
  : Math.abs(v) >= 10 || Number.isInteger(v) ? v.toFixed(0) : v.toFixed(2));

/**
 * @param {HTMLCanvasElement} canvas @param {Frame["log"]} log @param {Line[]} lines
 * @param {ReturnType<typeof extent>} ends @param {number} now where the plane is: a mark
 * @param {Palette} p
 */
function paintChart(canvas, log, lines, { low, high, last }, now, p) {
  const c = sharpen(canvas), w = canvas.clientWidth, h = canvas.clientHeight, left = 40, top = 8, bottom = 20;
  const x = (/** @type {number} */ s) => left + ((w - left - 8) * s) / last;
  const y = (/** @type {number} */ v) => h - bottom - ((h - top - bottom) * (v - low)) / (high - low);
  c.font = "12px system-ui, sans-serif"; c.fillStyle = p.soft; c.strokeStyle = p.line; c.lineWidth = 1;
  for (const v of [low, high]) {
    c.beginPath(); c.moveTo(left, y(v)); c.lineTo(w - 8, y(v)); c.stroke();
    c.textAlign = "right";
    c.fillText(short(v), left - 6, y(v) + 4, left - 6);
  }
  c.textAlign = "left"; c.fillText("step 0", left, h - 4);
  c.textAlign = "right"; c.fillText(last.toLocaleString("en"), w - 8, h - 4);
  c.beginPath(); c.moveTo(x(now), top); c.lineTo(x(now), h - bottom); c.stroke();
  for (const line of lines) {
    c.strokeStyle = line.colour; c.lineWidth = 1.8; c.setLineDash(line.dash || []); c.beginPath();
    let pen = false;
    for (const row of log) {
      const v = valueAt(line, row), known = Number.isFinite(v);
      if (known) c[pen ? "lineTo" : "moveTo"](x(Number(row[0])), y(v));
      pen = known;
    }
    c.stroke();
  }
  c.setLineDash([]);
}
