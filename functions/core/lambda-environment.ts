import * as z from 'zod/mini';

/** A variable that must not be empty. */
export const variable = z.string().check(z.minLength(1));

/** A variable that holds a whole number in a range, or is not set. */
export function wholeVariable(minimum: number, maximum: number) {
  return z.optional(
    z.string().check(
      z.refine((text) => {
        const isWhole = /^\d{1,9}$/.test(text);
        return isWhole && Number(text) >= minimum && Number(text) <= maximum;
      }, `expected a whole number from ${minimum} to ${maximum}`),
    ),
  );
}

/** A variable that holds JSON of the given form. */
export function jsonVariable<S extends z.core.$ZodType>(form: S) {
  return z.pipe(z.pipe(variable, z.transform(parseJson)), form);
}

/** The variables that Lambda sets on every function. */
export const lambdaVariables = {
  AWS_REGION: variable,
  AWS_ACCESS_KEY_ID: variable,
  AWS_SECRET_ACCESS_KEY: variable,
  AWS_SESSION_TOKEN: variable,
};

/** What a deployment provides to its profiles, as `LATCHKEY_RESOURCES` holds it. */
export const resourcesVariable = jsonVariable(z.record(z.string(), variable));

/** A switch that is off unless it is set: an issuer's keys may come over http from this very machine, in development. */
export const loopbackIssuersVariable = z.optional(z.enum(['allow']));

/** What every function knows of where it runs. */
export interface LambdaEnvironment {
  readonly region: string;
  /** The execution role's; Lambda sets them anew with every sandbox. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

type LambdaVariables = Readonly<Record<keyof typeof lambdaVariables, string>>;

/** What Lambda's own variables say. */
export function lambdaEnvironment(read: LambdaVariables): LambdaEnvironment {
  return {
    region: read.AWS_REGION,
    credentials: {
      accessKeyId: read.AWS_ACCESS_KEY_ID,
      secretAccessKey: read.AWS_SECRET_ACCESS_KEY,
      sessionToken: read.AWS_SESSION_TOKEN,
    },
  };
}

function parseJson(text: string, { issues }: z.core.ParsePayload): unknown {
  try {
    return JSON.parse(text);
  } catch {
    issues.push({ code: 'custom', message: 'got text that is not JSON', input: undefined });
    return z.NEVER;
  }
}
