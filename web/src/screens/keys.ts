// Which presses are the screen's own.
function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select');
}

// A button has space for itself, and a chosen box its arrows.
function isOwn(event: KeyboardEvent): boolean {
  return event.key === ' ' && event.target instanceof HTMLElement && event.target.matches('button, a, input, summary');
}

// Not one with a modifier, nor one that something on the screen takes.
export function pressed(event: KeyboardEvent): boolean {
  return !(event.ctrlKey || event.metaKey || event.altKey || takesText(event.target) || isOwn(event));
}
