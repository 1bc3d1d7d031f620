/** What a policy error tells: the place, what stood there, and what may stand there. */
interface PolicyFault {
  readonly what: string;
  readonly got: unknown;
  readonly expected: string;
}

const SHOWN_CHARACTERS = 120;

/** A policy, or a request held against one, that cannot be evaluated with certainty. Never to be read as "allowed". */
export class PolicyError extends Error {
  override readonly name: string = 'PolicyError';

  constructor({ what, got, expected }: PolicyFault) {
    const shown = (JSON.stringify(got) ?? String(got)).slice(0, SHOWN_CHARACTERS);
    super(`${what}: got ${shown}, expected ${expected}`);
  }
}

/** A policy asks for a condition key of which the request's context knows neither a value nor the absence. */
export class UnknownConditionKey extends PolicyError {
  override readonly name = 'UnknownConditionKey';

  constructor(key: string) {
    super({
      what: 'condition key',
      got: key,
      expected: 'a key that the request context knows to be present or absent',
    });
  }
}
