/** How numbers, durations and changes between two readings are shown. */

function duration(micros) {
  if (micros == null) {
    return '–';
  }
  if (micros < 1000) {
    return `${Math.round(micros)} µs`;
  }
  const millis = micros / 1000;
  if (millis < 1000) {
    return `${Number(millis.toFixed(millis < 10 ? 2 : millis < 100 ? 1 : 0))} ms`;
  }
  const seconds = millis / 1000;
  return seconds < 120 ? `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s` : `${Math.round(seconds / 60)} min`;
}

function age(millis) {
  return duration(millis * 1000);
}

function number(value) {
  if (value == null) {
    return '–';
  }
  if (value >= 1e6) {
    return `${(value / 1e6).toFixed(1)} M`;
  }
  if (value >= 1e4) {
    return `${(value / 1e3).toFixed(1)} k`;
  }
  return value < 10 && value % 1 ? value.toFixed(1) : String(Math.round(value));
}

function bytes(value) {
  if (value == null) {
    return '–';
  }
  const units = ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

function sum(counts) {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** When something was, as clocks here show it. */
function clock(millis) {
  return new Date(millis).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false});
}

/** A node by its name and where it is; a node that speaks only protocol 0.1 has no name. */
function nodeName({name, address}) {
  return name ? `${name} (${address})` : address;
}

/** Some names, and how many more there are. */
function names(all, most = 4) {
  const more = all.length - most;
  const first = more > 0 ? all.slice(0, most) : all;
  return more > 0 ? `${first.join(', ')} and ${more} more`
      : first.length > 1 ? `${first.slice(0, -1).join(', ')} and ${first.at(-1)}` : first.join('');
}

/** How much counts grow in a second, between two readings. */
const rates = {
  last: new Map(),

  /** Nothing at its first reading, or when it has begun anew. */
  of(key, count, seconds) {
    const before = this.last.get(key);
    if (before && seconds <= before.seconds) {
      return before.rate;
    }
    const rate = before && count >= before.count ? (count - before.count) / (seconds - before.seconds) : null;
    this.last.set(key, {count, seconds, rate});
    return rate;
  },
};
