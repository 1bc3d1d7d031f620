import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdk from '../cdk.json' with { type: 'json' };
import { assertEnvironments } from './assert-environments.ts';
import type { Environment } from './environment.ts';
import { assertProfiles } from './provided-resources.ts';
import { LatchkeyStack } from './stacks/latchkey-stack.ts';

/** What is deployed where, and what the CDK itself may be told (`outdir`, `context`). */
export interface LatchkeyAppProps extends AppProps {
  readonly environments: readonly Environment[];
  /** As written in profiles/. */
  readonly profileDefinitions: readonly unknown[];
  /** Changed profiles that run beside the deployed ones and vend nothing, as written in profiles/. */
  readonly shadowProfileDefinitions?: readonly unknown[];
}

/**
 * The CDK app: a stack `latchkey-<name>` per environment. Throws `ConfigurationError` for an environment or a profile
 * that is wrong, before anything is made; findings of AwsSolutions and of the CDK's own template validation surface when
 * the app is synthesized.
 */
export function createApp({
  environments,
  profileDefinitions,
  shadowProfileDefinitions = [],
  ...appProps
}: LatchkeyAppProps): App {
  assertEnvironments(environments);
  for (const environment of environments)
    assertProfiles(profileDefinitions, shadowProfileDefinitions, environment);

  const app = new App({
    analyticsReporting: false,
    ...appProps,
    // The CLI passes cdk.json's context by itself; tests, bench and a bare `node infra/app.ts` get the same here.
    context: { ...cdk.context, ...appProps.context },
  });
  for (const environment of environments) {
    new LatchkeyStack(app, `latchkey-${environment.name}`, { environment });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
