const SHOWN = '[secret]';

/**
 * A token, or a part of credentials, on its way through the service. Printed, put into a text, serialised or inspected it
 * shows `[secret]`; only who names `reveal` gets it, and those places can be counted.
 */
export interface Secret {
  reveal(): string;
}

/** The value, wrapped. */
export function secret(value: string): Secret {
  // In a closure: no property, enumerable or not, holds it.
  return Object.freeze({
    reveal: () => value,
    toString: () => SHOWN,
    toJSON: () => SHOWN,
    [Symbol.for('nodejs.util.inspect.custom')]: () => SHOWN,
  });
}
