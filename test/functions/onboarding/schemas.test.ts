import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ANNOUNCEMENT_DETAILS } from '../../../functions/onboarding/announcement-details.ts';
import { TENANT_EVENT_TYPES } from '../../../functions/onboarding/event-types.ts';
import { createEventSchemas, SCHEMAS_FOLDER } from '../../../functions/onboarding/schemas.ts';

test('the schemas are what the code says; after a change run: node functions/onboarding/schemas.ts', () => {
  const written = readdirSync(SCHEMAS_FOLDER).map((name) => [
    name.replace('.json', ''),
    JSON.parse(readFileSync(new URL(name, SCHEMAS_FOLDER), 'utf8')),
  ]);
  expect(Object.fromEntries(written)).toEqual(JSON.parse(JSON.stringify(createEventSchemas())));
});

test('there is one for every event in and out', () => {
  expect(Object.keys(createEventSchemas()).sort()).toEqual(
    [...TENANT_EVENT_TYPES, ...Object.keys(ANNOUNCEMENT_DETAILS)].sort(),
  );
});
