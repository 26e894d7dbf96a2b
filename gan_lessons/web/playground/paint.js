// Drawing the plane. The page only paints; the worker has done the sums.

/**
 * Colours of the theme, read from the style sheet. low, mid, high: the ground, from forged to real.
 * @typedef {{real: string, fake: string, painter: string, dealer: string, ink: string, soft: string, line: string,
 *   paper: string, low: number[], mid: number[], high: number[]}} Palette
 */

/** @param {HTMLElement} root @returns {Palette} */
function palette(root) {
  const style = getComputedStyle(root), get = (/** @type {string} */ n) => style.getPropertyValue(`--${n}`).trim();
  const rgb = (/** @type {string} */ n) => (get(n).match(/\w\w/g) || []).map((h) => parseInt(h, 16));
  return {
    real: get("real"), fake: get("fake"), painter: get("painter"), dealer: get("dealer"), ink: get("ink"),
    soft: get("soft"), line: get("line"), paper: get("paper"), low: rgb("low"), mid: rgb("mid"), high: rgb("high"),
  };
}

/** @param {HTMLCanvasElement} canvas */
function context(canvas) {
  const c = canvas.getContext("2d");
  if (!c) throw new Error("this browser cannot draw");
  return c;
}

/**
 * A canvas that is sharp on this screen; its context is scaled to CSS pixels.
 * @param {HTMLCanvasElement} canvas
 */
function sharpen(canvas) {
  const ratio = Math.min(2, window.devicePixelRatio || 1), w = canvas.clientWidth, h = canvas.clientHeight;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
  }
  const c = context(canvas);
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, w, h);
  return c;
}

const tile = document.createElement("canvas");

/**
 * A field of values in 0 ... 1 as colours: low = forged, middle = undecided or no number, high = real.
 * @param {CanvasRenderingContext2D} c @param {Float32Array} field @param {number} size @param {Palette} p
 */
function paintField(c, field, size, p) {
  tile.width = tile.height = SIDE;
  const t = context(tile), image = t.createImageData(SIDE, SIDE);
  for (let i = 0; i < field.length; i++) {
    const x = Number.isNaN(field[i]) ? 0.5 : field[i], low = x < 0.5;
    const [a, b] = low ? [p.low, p.mid] : [p.mid, p.high], k = low ? 2 * x : 2 * x - 1;
    for (let j = 0; j < 3; j++) image.data[4 * i + j] = a[j] + (b[j] - a[j]) * k;
    image.data[4 * i + 3] = 255;
  }
  t.putImageData(image, 0, 0);
  c.imageSmoothingEnabled = true;
  c.drawImage(tile, 0, 0, size, size);
}

/**
 * Lines between neighbours of the noise net.
 * @param {CanvasRenderingContext2D} c @param {Float32Array} net @param {(v: number) => number} at
 */
function paintWarp(c, net, at) {
  c.beginPath();
  for (let i = 0; i < WARP; i++) for (const [first, stride] of [[i * WARP, 1], [i, WARP]]) for (let j = 0; j < WARP; j++) {
    const q = 2 * (first + j * stride);
    c[j ? "lineTo" : "moveTo"](at(net[q]), at(-net[q + 1]));
  }
  c.stroke();
}

/**
 * Every second arrow, all on one scale: where the gradient vanishes, so do they.
 * @param {CanvasRenderingContext2D} c @param {Float32Array} from @param {Float32Array} by @param {(v: number) => number} at
 */
function paintArrows(c, from, by, at) {
  c.beginPath();
  for (let i = 0; i < from.length; i += 4) {
    const dx = by[i], dy = by[i + 1], k = Math.min(0.12, 0.4 / (Math.hypot(dx, dy) + 1e-9));
    const x = at(from[i]), y = at(-from[i + 1]), ex = at(from[i] + k * dx), ey = at(-from[i + 1] - k * dy);
    const turn = Math.atan2(ey - y, ex - x), head = Math.min(5, Math.hypot(ex - x, ey - y) / 2);
    c.moveTo(x, y); c.lineTo(ex, ey);
    for (const side of [2.6, -2.6]) {
      c.moveTo(ex, ey);
      c.lineTo(ex + head * Math.cos(turn + side), ey + head * Math.sin(turn + side));
    }
  }
  c.stroke();
}

/**
 * One picture of the plane.
 * @param {HTMLCanvasElement} canvas @param {Frame} f @param {Record<string, boolean>} show @param {Palette} p
 * @param {number[][] | null} drawing the reader's own points, before training
 * @param {number[] | null} cursor where the keyboard would put the next one
 */
function paintPlane(canvas, f, show, p, drawing, cursor) {
  const c = sharpen(canvas), size = canvas.clientWidth;
  const at = (/** @type {number} */ v) => ((v / REACH + 1) * size) / 2;
  const ground = show.optimum ? f.best : f.field;
  if (ground) paintField(c, ground, size, p);
  if (f.warp) { c.strokeStyle = p.fake; c.globalAlpha = 0.55; c.lineWidth = 1; paintWarp(c, f.warp, at); c.globalAlpha = 1; }
  const r = Math.max(2, size / 190), pale = 0.25;
  if (show.real) { // rings for real, discs for fake: shape tells them apart, not colour alone
    c.globalAlpha = f.look === "fake" || f.look === "arrows" ? pale : 1;
    c.strokeStyle = p.real; c.lineWidth = 1.3;
    const dots = drawing || Array.from({ length: f.real.length / 2 }, (_, i) => [f.real[2 * i], f.real[2 * i + 1]]);
    for (const [x, y] of dots) { c.beginPath(); c.arc(at(x), at(-y), r, 0, 7); c.stroke(); }
  }
  if (show.fake && !drawing) {
    c.globalAlpha = f.look === "real" ? pale : 1;
    c.fillStyle = p.fake; c.strokeStyle = p.paper; c.lineWidth = 0.6;
    for (let i = 0; i < f.fakes.length; i += 2) {
      c.beginPath(); c.arc(at(f.fakes[i]), at(-f.fakes[i + 1]), r, 0, 7); c.fill(); c.stroke();
    }
  }
  c.globalAlpha = 1;
  if (f.arrows && !drawing) { c.strokeStyle = p.ink; c.lineWidth = 1.2; paintArrows(c, f.fakes, f.arrows, at); }
  if (!cursor) return;
  const [x, y] = [at(cursor[0]), at(-cursor[1])];
  c.strokeStyle = p.ink; c.lineWidth = 2; c.beginPath();
  c.moveTo(x - 9, y); c.lineTo(x + 9, y); c.moveTo(x, y - 9); c.lineTo(x, y + 9); c.stroke();
}
