// Small helpers for making elements, for all widgets. Text is always set as text, never as HTML.
"use strict";
/** @type {GanLessonsParts} */ var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = /** @type {any} */ ({}));

GanLessons.dom = GanLessons.dom || (function () {
  let count = 0;

  /** A name that no other element on the page has. */
  const id = () => `gl-${++count}-${Math.random().toString(36).slice(2, 7)}`;

  /**
   * make("p.gl-note", { textContent: "Hello" }); values with a dash become attributes
   * @type {Dom["make"]}
   */
  function make(tag, values = {}, ...children) {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name);
    if (classes.length) element.className = classes.join(" ");
    for (const [key, value] of Object.entries(values))
      if (key.includes("-") || key === "role") element.setAttribute(key, value);
      else Object.assign(element, { [key]: value });
    element.append(...children);
    return /** @type {any} */ (element);
  }

  /** @type {Dom["button"]} */
  const button = (text, action, kind = "") =>
    make("button", { type: "button", className: kind, textContent: text, onclick: action });

  /**
   * Text for screen readers, at most twice a second.
   * @type {Dom["speaker"]}
   */
  function speaker(place) {
    let waiting = false, next = "";
    return (text) => {
      next = text;
      if (waiting) return;
      waiting = true;
      setTimeout(() => { waiting = false; place.textContent = next; }, 500);
    };
  }

  /**
   * Mount each widget of a kind that is not alive yet; the script stands after its data.
   * @type {Dom["mountAll"]}
   */
  function mountAll(kind, mount) {
    for (const root of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-gl="${kind}"]:not(.gl-live)`))) {
      const data = root.querySelector("script[type='application/json']");
      if (!data) continue;
      root.classList.add("gl-live");
      try {
        mount(root, JSON.parse(data.textContent || ""));
      } catch (error) { // say so and show the still picture
        root.classList.remove("gl-live");
        const why = error instanceof Error ? error.message : String(error);
        const words = `This part could not start (${why}). You see a still picture instead.`;
        root.append(make("p.gl-notice", { role: "alert", textContent: words }));
        console.warn(error);
      }
    }
  }

  /**
   * A number with so many digits after the point, and with a true minus; never "−0.00".
   * @type {Dom["fixed"]}
   */
  const fixed = (v, digits = 2, plus = "") => {
    const text = Math.abs(v).toFixed(digits), none = Number(text) === 0 || Number.isNaN(v);
    return (none ? "" : v < 0 ? "−" : plus) + text;
  };

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  return { id, make, button, speaker, mountAll, fixed, calm };
})();
