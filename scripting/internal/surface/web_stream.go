package surface

const surfaceWebStreams = `
interface QueuingStrategy<T = any> {
  /** How much may wait. Default 1. */
  highWaterMark?: number;
  /** How much a chunk counts. Default 1. */
  size?: (chunk: T) => number;
}
interface UnderlyingSource<T = any> {
  type?: undefined;
  /** Called at once. */
  start?: (controller: ReadableStreamDefaultController<T>) => any;
  /** Called when there is room for more. */
  pull?: (controller: ReadableStreamDefaultController<T>) => any;
  /** Called when nobody wants more. */
  cancel?: (reason?: any) => any;
}
/** A source of bytes, which can fill a reader's own buffer. */
interface UnderlyingByteSource {
  type: 'bytes';
  /** How much to make room for when a reader brings no buffer. */
  autoAllocateChunkSize?: number;
  /** Called at once. */
  start?: (controller: ReadableByteStreamController) => any;
  /** Called when there is room for more. */
  pull?: (controller: ReadableByteStreamController) => any;
  /** Called when nobody wants more. */
  cancel?: (reason?: any) => any;
}
interface StreamPipeOptions {
  preventClose?: boolean;
  preventAbort?: boolean;
  preventCancel?: boolean;
  /** Ends the pipe early. */
  signal?: AbortSignal;
}
type ReadableStreamReadResult<T> = { value: T; done: false } | { value: T | undefined; done: true };
/** Chunks that come one after the other. "for await (const chunk of stream)" reads them. */
declare class ReadableStream<T = any> {
  constructor(source: UnderlyingByteSource, strategy?: { highWaterMark?: number });
  constructor(source?: UnderlyingSource<T>, strategy?: QueuingStrategy<T>);
  /** Returns a stream of what an iterable gives. */
  static from<T>(iterable: Iterable<T> | AsyncIterable<T>): ReadableStream<T>;
  /** Whether it has a reader. */
  readonly locked: boolean;
  /** Ends it: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Returns a reader, which alone can read from then on. With mode 'byob' it brings buffers of its own, to a stream of bytes. */
  getReader(options: { mode: 'byob' }): ReadableStreamBYOBReader;
  getReader(options?: { mode?: undefined }): ReadableStreamDefaultReader<T>;
  /** Writes all chunks to another stream. */
  pipeTo(destination: WritableStream<T>, options?: StreamPipeOptions): Promise<void>;
  /** Writes all chunks to one end of a transform, and returns the other. */
  pipeThrough<R>(transform: { readable: ReadableStream<R>; writable: WritableStream<T> }, options?: StreamPipeOptions): ReadableStream<R>;
  /** Returns two streams of the same chunks. */
  tee(): [ReadableStream<T>, ReadableStream<T>];
  /** Returns an iterator over the chunks. */
  values(options?: { preventCancel?: boolean }): AsyncIterableIterator<T>;
  [Symbol.asyncIterator](options?: { preventCancel?: boolean }): AsyncIterableIterator<T>;
}
/** Reads a stream chunk by chunk. */
declare class ReadableStreamDefaultReader<T = any> {
  constructor(stream: ReadableStream<T>);
  /** Settled when the stream has ended. */
  readonly closed: Promise<undefined>;
  /** Returns the next chunk; done is true after the last. */
  read(): Promise<ReadableStreamReadResult<T>>;
  /** Ends the stream: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Lets others read. */
  releaseLock(): void;
}
/** Reads a stream of bytes into buffers of its own. */
declare class ReadableStreamBYOBReader {
  constructor(stream: ReadableStream<Uint8Array>);
  /** Settled when the stream has ended. */
  readonly closed: Promise<undefined>;
  /** Fills a view, at least as much of it as min says, and returns one of the same memory. The given one is empty after that. */
  read<V extends ArrayBufferView>(view: V, options?: { min?: number }): Promise<ReadableStreamReadResult<V>>;
  /** Ends the stream: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Lets others read. */
  releaseLock(): void;
}
/** Feeds a stream. */
declare class ReadableStreamDefaultController<T = any> {
  private constructor();
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Adds a chunk. */
  enqueue(chunk?: T): void;
  /** Ends the stream after what was added. */
  close(): void;
  /** Makes the stream fail. */
  error(reason?: any): void;
}
/** Feeds a stream of bytes. */
declare class ReadableByteStreamController {
  private constructor();
  /** The buffer that a reader has brought; null when there is none. */
  readonly byobRequest: ReadableStreamBYOBRequest | null;
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Adds bytes. Their buffer is empty after that. */
  enqueue(chunk: ArrayBufferView): void;
  /** Ends the stream after what was added. */
  close(): void;
  /** Makes the stream fail. */
  error(reason?: any): void;
}
/** A buffer that a reader has brought. */
declare class ReadableStreamBYOBRequest {
  private constructor();
  /** Where to write; null when it was answered. */
  readonly view: Uint8Array | null;
  /** Says how much was written. */
  respond(bytesWritten: number): void;
  /** Answers with another view of the same memory. */
  respondWithNewView(view: ArrayBufferView): void;
}
interface UnderlyingSink<T = any> {
  /** Called at once. */
  start?: (controller: WritableStreamDefaultController) => any;
  /** Called with each chunk, after what it returned for the last is settled. */
  write?: (chunk: T, controller: WritableStreamDefaultController) => any;
  /** Called after the last chunk. */
  close?: () => any;
  /** Called when what is left is not written. */
  abort?: (reason?: any) => any;
}
/** Takes chunks, one after the other. */
declare class WritableStream<T = any> {
  constructor(sink?: UnderlyingSink<T>, strategy?: QueuingStrategy<T>);
  /** Whether it has a writer. */
  readonly locked: boolean;
  /** Ends it; what waits is not written. */
  abort(reason?: any): Promise<void>;
  /** Ends it after what waits. */
  close(): Promise<void>;
  /** Returns a writer, which alone can write from then on. */
  getWriter(): WritableStreamDefaultWriter<T>;
}
/** Writes to a stream. */
declare class WritableStreamDefaultWriter<T = any> {
  constructor(stream: WritableStream<T>);
  /** Settled when the stream has ended. */
  readonly closed: Promise<undefined>;
  /** Settled when there is room for more. */
  readonly ready: Promise<undefined>;
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Ends the stream; what waits is not written. */
  abort(reason?: any): Promise<void>;
  /** Ends the stream after what waits. */
  close(): Promise<void>;
  /** Lets others write. */
  releaseLock(): void;
  /** Writes a chunk. */
  write(chunk?: T): Promise<void>;
}
/** What a sink has of its stream. */
declare class WritableStreamDefaultController {
  private constructor();
  /** The reason that the stream was aborted with; undefined before that. */
  readonly abortReason: any;
  /** Aborted when the stream is. */
  readonly signal: AbortSignal;
  /** Makes the stream fail. */
  error(reason?: any): void;
}
interface Transformer<I = any, O = any> {
  /** Called at once. */
  start?: (controller: TransformStreamDefaultController<O>) => any;
  /** Called with each chunk. Without it, chunks go through as they are. */
  transform?: (chunk: I, controller: TransformStreamDefaultController<O>) => any;
  /** Called after the last chunk. */
  flush?: (controller: TransformStreamDefaultController<O>) => any;
  /** Called when nobody wants more, or no more comes. */
  cancel?: (reason?: any) => any;
}
/** Makes other chunks of chunks: what is written to one end is read from the other. */
declare class TransformStream<I = any, O = any> {
  constructor(transformer?: Transformer<I, O>, writableStrategy?: QueuingStrategy<I>, readableStrategy?: QueuingStrategy<O>);
  readonly readable: ReadableStream<O>;
  readonly writable: WritableStream<I>;
}
/** Feeds the end of a transform that is read. */
declare class TransformStreamDefaultController<O = any> {
  private constructor();
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Adds a chunk. */
  enqueue(chunk?: O): void;
  /** Makes both ends fail. */
  error(reason?: any): void;
  /** Ends the end that is read, and makes the other fail. */
  terminate(): void;
}
/** Counts chunks. */
declare class CountQueuingStrategy {
  constructor(init: { highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: () => 1;
}
/** Counts bytes. */
declare class ByteLengthQueuingStrategy {
  constructor(init: { highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: (chunk: ArrayBufferView) => number;
}
/** Makes bytes of text, in UTF-8, for pipeThrough. */
declare class TextEncoderStream {
  readonly encoding: 'utf-8';
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<string>;
}
/** Makes text of bytes, for pipeThrough. */
declare class TextDecoderStream {
  /** The labels are those of TextDecoder. */
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  /** Whether bytes that are not valid make the stream fail. */
  readonly fatal: boolean;
  /** Whether a byte order mark is part of the text. */
  readonly ignoreBOM: boolean;
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<ArrayBuffer | ArrayBufferView>;
}
`
