import { awsCli } from './aws-cli.ts';
import { boto3 } from './boto3.ts';
import type { Client } from './client.ts';

/**
 * The clients that are asked. For another SDK: a program beside boto3_app.py that follows errand.ts, and a `Client` that says how to
 * get it and opens it with `openProgram`.
 */
export const CLIENTS: readonly Client[] = [boto3, awsCli];
