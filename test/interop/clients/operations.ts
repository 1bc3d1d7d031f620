import type { Client } from '../client.ts';

type Operations = Client['operations'];

/** Objects whole, as every client does them. */
export const OBJECTS: Operations = new Set(['putObject', 'getObject', 'listObjects', 'getEach']);
export const FILES: Operations = new Set(['uploadFile', 'downloadFile']);
export const STREAMS: Operations = new Set(['uploadStream']);
export const ITEMS: Operations = new Set(['putItem', 'getItem', 'query', 'scan']);
export const WAIT: Operations = new Set(['wait']);
