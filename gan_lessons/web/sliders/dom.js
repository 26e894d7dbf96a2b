// Small helpers for making elements, for all widgets. Text is always set as text, never as HTML.
"use strict";
var GanLessons = globalThis.GanLessons || (globalThis.GanLessons = {});

GanLessons.dom = GanLessons.dom || (function () {
  let count = 0;

  /** A name that no other element on the page has. @returns {string} */
  const id = () => `gl-${++count}-${Math.random().toString(36).slice(2, 7)}`;

  /**
   * @param {string} tag "div" or "div.class"
   * @param {object} [values] properties; those with a dash become attributes
   * @param {...(Node|string)} children
   */
  function make(tag, values = {}, ...children) {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name);
    if (classes.length) element.className = classes.join(" ");
    for (const [key, value] of Object.entries(values))
      if (key.includes("-") || key === "role" || key === "for") element.setAttribute(key, value);
      else element[key] = value;
    element.append(...children);
    return element;
  }

  /** A button. @param {string} text @param {() => void} action @param {string} [kind] */
  const button = (text, action, kind = "") =>
    make("button", { type: "button", className: kind, textContent: text, onclick: action });

  /** Text for screen readers, at most twice a second. @param {HTMLElement} place */
  function speaker(place) {
    let timer = 0, next = "";
    return (text) => {
      next = text;
      if (!timer) timer = setTimeout(() => { timer = 0; place.textContent = next; }, 500);
    };
  }

  /** Mount each widget of a kind that is not alive yet; the script stands after its data. */
  function mountAll(kind, mount) {
    for (const root of document.querySelectorAll(`[data-gl="${kind}"]:not(.gl-live)`)) {
      const data = root.querySelector("script[type='application/json']");
      if (!data) continue;
      root.classList.add("gl-live");
      try {
        mount(root, JSON.parse(data.textContent));
      } catch (error) { // say so and show the still picture
        root.classList.remove("gl-live");
        root.append(make("p.gl-notice", { role: "alert", textContent: `This part could not start (${error.message}). You see a still picture instead.` }));
        console.warn(error);
      }
    }
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  return { id, make, button, speaker, mountAll, calm };
})();
