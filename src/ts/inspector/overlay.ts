/**
 * Lays a method over one of an object's. Returns what takes it away again; where somebody else has laid another one on
 * top by then, it stays, and only passes on.
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
