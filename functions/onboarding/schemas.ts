import { writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { ANNOUNCEMENT_SOURCE } from '../core/administration/announcement-source.ts';
import { ANNOUNCEMENT_DETAILS } from './announcement-details.ts';
import { ENVELOPE } from './envelope.ts';
import { TENANT_EVENT_DETAILS } from './tenant-event-details.ts';

/** Where the schemas are written, `<detail-type>.json` each, and where the stack reads them from. */
export const SCHEMAS_FOLDER = new URL('./schemas/', import.meta.url);

/**
 * The JSON Schema (draft 4, as EventBridge's registry takes it) of every event in and out, by detail-type, made from the very schemas
 * that check what comes in. Made ahead (`node functions/onboarding/schemas.ts`); a test fails when they are out of date.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema-registry.html
 */
export function createEventSchemas(): Readonly<Record<string, object>> {
  const schemas = [
    ...Object.entries(TENANT_EVENT_DETAILS).map(([type, detail]) => schemaOf(type, detail, ENVELOPE.source)),
    ...Object.entries(ANNOUNCEMENT_DETAILS).map(([type, detail]) =>
      schemaOf(type, detail, z.literal(ANNOUNCEMENT_SOURCE)),
    ),
  ];
  return Object.fromEntries(schemas);
}

function schemaOf(type: string, detail: z.ZodMiniType, source: z.ZodMiniType): readonly [string, object] {
  const event = z.object({ ...ENVELOPE, source, 'detail-type': z.literal(type), detail });
  // As it is written, where members with a default may be left out.
  const { $schema, ...schema } = z.toJSONSchema(event, { target: 'draft-4', io: 'input' });
  return [type, { $schema, title: type, ...schema }];
}

if (import.meta.main)
  for (const [type, schema] of Object.entries(createEventSchemas()))
    writeFileSync(new URL(`${type}.json`, SCHEMAS_FOLDER), `${JSON.stringify(schema, null, 2)}\n`);
