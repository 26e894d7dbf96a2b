// Freehand: the reader's own real points, by mouse, by finger, or by arrow keys and Space.

const MOST_DOTS = 150, EDGE = 1.45, KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @param {Side} side
 * @param {{added: (drawing: number[][]) => void, moved: (cursor: number[]) => void, say: (text: string) => void}} tell
 */
function drawable(side, tell) {
  const { plane } = side;
  /** @type {number[] | null} */ let last = null;
  let cursor = [0, 0];
  const place = () => cursor.map((v) => (Math.round(100 * v) / 100 || 0).toFixed(2).replace("-", "−")).join(", ");
  const within = (/** @type {number} */ v) => Math.max(-EDGE, Math.min(EDGE, v));

  /** @param {number} x @param {number} y */
  function add(x, y) {
    if (side.settings.drawing.length >= MOST_DOTS) return tell.say(`${MOST_DOTS} points are the most.`);
    tell.added([...side.settings.drawing, [within(x), within(y)]]);
  }
  /** @param {PointerEvent} e */
  function draw(e) {
    const r = plane.getBoundingClientRect();
    const x = (((e.clientX - r.left) / r.width) * 2 - 1) * REACH, y = (1 - ((e.clientY - r.top) / r.height) * 2) * REACH;
    if (last && Math.hypot(x - last[0], y - last[1]) < 0.05) return;
    last = [x, y];
    add(x, y);
  }
  plane.addEventListener("pointerdown", (e) => {
    if (!side.drawn || !e.isPrimary || e.button) return; // one finger, the main button
    plane.setPointerCapture(e.pointerId);
    last = null;
    draw(e);
    e.preventDefault();
    plane.focus();
  });
  plane.addEventListener("pointermove", (e) => { if (side.drawn && plane.hasPointerCapture(e.pointerId)) draw(e); });
  plane.addEventListener("keydown", (e) => {
    const way = KEYS[/** @type {keyof typeof KEYS} */ (e.key)];
    if (!side.drawn || (!way && e.key !== " ")) return;
    e.preventDefault();
    if (!way) {
      tell.say(`A point at ${place()}.`);
      return add(cursor[0], cursor[1]);
    }
    cursor = cursor.map((v, i) => within(v + 0.08 * way[i]));
    tell.moved(cursor);
    tell.say(`The cross is at ${place()}.`);
  });
  plane.addEventListener("focus", () => { if (side.drawn) tell.moved(cursor); });
  plane.addEventListener("blur", () => tell.moved(cursor));
}
