/** Elements that are made once and changed with each reading, so that what has the focus keeps it. */

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

function show(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** Has a container hold one part for each item, in their order; a part is {element, update(item)}. */
function each(container, items, keyOf, create) {
  const parts = container.parts ??= new Map();
  const keys = new Set(items.map(keyOf));
  for (const [key, part] of parts) {
    if (!keys.has(key)) {
      part.element.remove();
      parts.delete(key);
    }
  }
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (!parts.has(key)) {
      parts.set(key, create(item));
    }
    const part = parts.get(key);
    if (container.children[index] !== part.element) {
      container.insertBefore(part.element, container.children[index] ?? null);
    }
    part.update(item);
  });
}

/** Draws again when an element gets another width. */
function onResize(target, draw) {
  let width = 0;
  new ResizeObserver(() => {
    if (target.clientWidth !== width) {
      width = target.clientWidth;
      draw();
    }
  }).observe(target);
}

function stateLabel() {
  const label = element('span', {class: 'state'});
  return {
    element: label,
    update(state) {
      label.className = `state ${state}`;
      show(label, state);
    },
  };
}

/** Words of the protocol that not everybody knows. */
const TERMS = {
  chunk: 'A chunk is what one datagram holds: a message, a part of one, or several small ones.',
  window: 'The window holds chunks that were written and that not all members have yet. When it is full, sending waits for the slowest.',
  'receive window': 'The receive window holds chunks that have arrived and that the application has not taken yet. When it is full, '
      + 'the coordinator and all other members wait.',
  incarnation: 'The incarnation is a random number that a node takes when it starts. It tells a restarted node from the one before.',
  'round trip': 'The round trip is how long the other side takes to answer, smoothed over the last answers.',
  'wait caused': 'How much sooner rounds would have ended without waiting for this node: from the last arrival but one to its own, '
      + 'added up over 15 minutes.',
};
let terms = 0;

/** A word that explains itself when it is pointed at or has the focus, until Escape is pressed. */
function term(word, text = word) {
  const id = `term-${terms++}`;
  const explanation = element('span', {role: 'tooltip', id}, TERMS[word]);
  const made = element('span', {class: 'term', tabindex: '0', 'aria-describedby': id}, text, explanation);
  made.addEventListener('keydown', event => made.classList.toggle('dismissed', event.key === 'Escape'));
  ['pointerenter', 'focus'].forEach(event => made.addEventListener(event, () => {
    made.classList.remove('dismissed');
    // Kept within the page, whose right end it may be at.
    explanation.classList.toggle('leftwards', made.getBoundingClientRect().left > window.innerWidth / 2);
  }));
  return made;
}

/** Facts in a line: name and value of those that there are; a name may be a term. */
function facts(target, pairs) {
  each(target, pairs.filter(([, value]) => value != null && value !== ''), ([name]) => name, ([name]) => {
    const value = element('b');
    const label = TERMS[name] ? term(name) : name;
    return {
      element: element('span', {}, label, name ? ' ' : '', value),
      update: ([, now]) => show(value, String(now)),
    };
  });
}

/** A list of figures: name, value and whether it wants attention. */
function figures(target, values) {
  each(target, values, value => value.name, value => {
    const shown = element('dd');
    const part = element('div', {}, element('dt', {}, TERMS[value.term] ? term(value.term, value.name) : value.name), shown);
    return {
      element: part,
      update(now) {
        show(shown, now.value);
        part.classList.toggle('attention', Boolean(now.attention));
      },
    };
  });
}

/**
 * Has one of several values chosen by pointing at it, or by the arrow keys, and read out.
 *
 * @param host has the focus
 * @param area is pointed at
 * @param valueAt which one is at a position of the pointer, in pixels from the left
 * @param show shows the chosen one, or none when it is null, and says it in words
 */
function chooser(host, label, {count, valueAt, show: choose, area = host}) {
  let chosen = null;
  host.setAttribute('role', 'slider');
  host.setAttribute('tabindex', '0');
  host.setAttribute('aria-label', label);
  const set = value => {
    chosen = value == null || !count() ? null : Math.max(0, Math.min(count() - 1, value));
    host.setAttribute('aria-valuemin', '0');
    host.setAttribute('aria-valuemax', String(Math.max(0, count() - 1)));
    host.setAttribute('aria-valuenow', String(chosen ?? Math.max(0, count() - 1)));
    host.setAttribute('aria-valuetext', choose(chosen) || 'nothing yet');
  };
  const steps = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10};
  host.addEventListener('keydown', event => {
    if (event.target !== host) {
      return;
    }
    const last = count() - 1;
    if (event.key in steps) {
      set(chosen == null ? last : chosen + steps[event.key]);
    } else if (event.key === 'Home' || event.key === 'End') {
      set(event.key === 'Home' ? 0 : last);
    } else if (event.key === 'Escape') {
      set(null);
    } else {
      return;
    }
    event.preventDefault();
  });
  host.addEventListener('focus', () => set(chosen ?? count() - 1));
  host.addEventListener('blur', () => set(null));
  area.addEventListener('pointermove', event => set(valueAt(event.clientX)));
  area.addEventListener('pointerleave', () => set(document.activeElement === host ? chosen : null));
  return {refresh: () => set(chosen)};
}
