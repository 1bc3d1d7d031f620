import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createOpenApiDocument, OPENAPI_FILE } from '../../../functions/vend/openapi.ts';

it('openapi.json is what the schemas say; after a change run: npm run openapi', () => {
  const written = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(createOpenApiDocument())));
});
