import * as z from 'zod/mini';
import {
  type VendingEnvironment,
  type VendingVariables,
  vendingEnvironment,
  vendingVariables,
} from '../api/environment.ts';
import { parse } from '../core/parse.ts';

/** The variables that the stack sets on the function that takes SAML assertions; the type is what the stack and the function agree on. */
export type SamlVariables = VendingVariables;

/** What the function knows of where it runs. */
export type SamlEnvironment = VendingEnvironment;

const variables = z.object(vendingVariables);

/**
 * The environment in a process's variables; throws one `ConfigurationError` that names every fault. The only reader of
 * variables in the function.
 */
export function readSamlEnvironment(env: Readonly<Record<string, string | undefined>>): SamlEnvironment {
  return Object.freeze(vendingEnvironment(parse(variables, env, 'environment')));
}
