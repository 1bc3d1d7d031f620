import { DYNAMODB } from './dynamodb.ts';
import type { CorpusEntry } from './entry.ts';
import { LAYERS } from './layers.ts';
import { MESSAGING } from './messaging.ts';
import { S3 } from './s3.ts';
import { S3_LAYOUTS } from './s3-layouts.ts';
import { SECRETS } from './secrets.ts';
import { TAGS } from './tags.ts';
import { WORKLOADS } from './workloads.ts';

/** Every profile of the corpus. */
export const CORPUS: readonly CorpusEntry[] = [
  ...S3,
  ...S3_LAYOUTS,
  ...DYNAMODB,
  ...MESSAGING,
  ...SECRETS,
  ...TAGS,
  ...WORKLOADS,
  ...LAYERS,
];
