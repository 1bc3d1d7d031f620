import type { Client } from './client.ts';
import { awsCli } from './clients/aws-cli.ts';
import { boto3 } from './clients/boto3.ts';
import { go } from './clients/go.ts';
import { java } from './clients/java.ts';
import { javascript } from './clients/javascript.ts';
import { rust } from './clients/rust.ts';

/**
 * The clients that are asked. For another SDK: a program in apps/ that follows errand.ts, and a `Client` that says how to get it,
 * opens it with `openProgram`, and holds it to what is known of it.
 */
export const CLIENTS: readonly Client[] = [boto3, awsCli, javascript, go, java, rust];
