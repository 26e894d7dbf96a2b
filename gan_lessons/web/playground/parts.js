// Small pieces of page: every control is a native one, so keyboard and screen reader come with it.

let serial = 0;
const unique = () => `ganp-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 7)}-${++serial}`;

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} attributes those that begin with "on" are listeners
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** @param {string} text @param {() => void} onclick @param {Record<string, any>} more */
const button = (text, onclick, more = {}) => make("button", { type: "button", onclick, ...more }, text);

/**
 * A labelled choice.
 * @template T
 * @param {string} label @param {[T, string][]} choices value and words @param {T} value
 * @param {(value: T) => void} change
 */
function choice(label, choices, value, change) {
  const id = unique(), options = choices.map(([v, text]) => make("option", { value: v, selected: v === value }, text));
  const select = make("select", { id, onchange: () => change(choices[select.selectedIndex][0]) }, ...options);
  return make("div", { class: "ganp-field" }, make("label", { for: id }, label), select);
}

/**
 * A box to tick.
 * @param {string} text @param {boolean} on @param {(on: boolean) => void} change
 * @param {string} key a small sign beside the words, see style.css
 */
function toggle(text, on, change, key = "") {
  const input = make("input", { type: "checkbox", checked: on, onchange: () => change(input.checked) });
  const sign = key ? [make("i", { class: `ganp-sign ganp-sign-${key}`, "aria-hidden": "true" })] : [];
  return make("label", { class: "ganp-toggle" }, input, ...sign, make("span", {}, text));
}

/**
 * The seed, and a button to try the next one.
 * @param {number} value @param {(seed: number) => void} change
 */
function seedField(value, change) {
  const id = unique(), MOST = 999999999;
  const input = make("input", { id, type: "number", min: 0, max: MOST, step: 1, value, onchange: () => {
    if (/^\d{1,9}$/.test(input.value)) change(Number(input.value)); else input.value = String(value);
  } });
  const next = button("Next seed", () => change(value < MOST ? value + 1 : 0));
  return make("div", { class: "ganp-field ganp-seed" }, make("label", { for: id }, "Seed"), input, next);
}
