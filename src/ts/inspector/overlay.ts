/**
 * Wraps a method of an object. Returns a function that removes the wrapper. If other code has wrapped the method again
 * by then, the wrapper stays, and only passes calls on.
 */
export function overlay<T extends object, Name extends keyof T>(
  object: T,
  name: Name,
  over: (under: T[Name]) => T[Name],
): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const under = (object[name] as Method).bind(object);
  const upper = over(under as T[Name]) as Method;
  let isOn = true;
  const value = (...args: unknown[]) => (isOn ? upper : under)(...args);
  const isLaid = Reflect.defineProperty(object, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    isOn = false;
    if (!isLaid || object[name] !== value) return;
    if (own) Object.defineProperty(object, name, own);
    else Reflect.deleteProperty(object, name);
  };
}

type Method = (...args: unknown[]) => unknown;
