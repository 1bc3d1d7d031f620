import { ConfigurationError } from '../functions/core/errors.ts';
import { loadProfileDefinitions, loadShadowProfileDefinitions } from '../profiles/load.ts';
import { createApp } from './create-app.ts';
import { environments } from './environments.ts';

try {
  createApp({
    environments,
    profileDefinitions: await loadProfileDefinitions(),
    shadowProfileDefinitions: await loadShadowProfileDefinitions(),
  }).synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(`latchkey: ${error.message}`);
  process.exit(1);
}
