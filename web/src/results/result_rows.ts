import {
  type BaseChunkInfo,
  type ColumnInfo,
  getResultChunk,
  type ResultData,
  type ResultRow,
  type StatementResponse,
} from "../api/statements";
import { Observable } from "../layout/observable";

/** The rows of one result: the first chunk at once, the others when somebody looks at them. */
export class ResultRows extends Observable {
  readonly columns: readonly ColumnInfo[];
  readonly row_count: number;
  readonly truncated: boolean;
  readonly #statement_id: string;
  readonly #chunks: BaseChunkInfo[];
  readonly #loaded = new Map<number, ResultRow[]>();
  readonly #loading = new Map<number, Promise<void>>();
  #failure: string | null = null;

  constructor(
    private readonly token: string,
    response: StatementResponse,
  ) {
    super();
    const { manifest, result } = response;
    const first = result?.data_array ?? [];
    this.#statement_id = response.statement_id;
    this.columns = manifest?.schema?.columns ?? [];
    this.row_count = manifest?.total_row_count ?? first.length;
    this.truncated = manifest?.truncated ?? false;
    this.#chunks = manifest?.chunks?.length
      ? [...manifest.chunks]
      : [{ chunk_index: 0, row_offset: 0, row_count: this.row_count }];
    this.#store(result?.chunk_index ?? 0, result);
  }

  /** Why a chunk could not be loaded, null while all is well. */
  get failure(): string | null {
    return this.#failure;
  }

  /** The row, or undefined while its chunk is not here. */
  row(index: number): ResultRow | undefined {
    const chunk = this.#chunkOf(index);
    return chunk && this.#loaded.get(chunk.chunk_index)?.[index - chunk.row_offset];
  }

  /** Starts loading what rows [from, to] need; listeners are told when they are here. */
  request(from: number, to: number): void {
    for (const chunk of [...this.#chunks]) {
      if (chunk.row_offset > to || chunk.row_offset + chunk.row_count <= from) continue;
      if (this.#loaded.has(chunk.chunk_index)) continue;
      this.#load(chunk.chunk_index).catch((error: Error) => {
        this.#failure = error.message;
        this.changed();
      });
    }
  }

  /** Rows [from, to], loaded where needed. */
  async slice(from: number, to: number): Promise<ResultRow[]> {
    const rows: ResultRow[] = [];
    for await (const chunk of this.#walk(from, to)) rows.push(...chunk);
    return rows;
  }

  /** All rows, chunk by chunk and in order. */
  all(): AsyncGenerator<ResultRow[]> {
    return this.#walk(0, this.row_count - 1);
  }

  /** Forgets a failure so that what is on the screen is asked for again. */
  retry(): void {
    this.#failure = null;
    this.changed();
  }

  async *#walk(from: number, to: number): AsyncGenerator<ResultRow[]> {
    for (let row = from; row <= to; ) {
      const chunk = this.#chunkOf(row);
      if (!chunk) return;
      await this.#load(chunk.chunk_index);
      const rows = this.#loaded.get(chunk.chunk_index) ?? [];
      const picked = rows.slice(row - chunk.row_offset, to + 1 - chunk.row_offset);
      if (picked.length === 0) throw new Error("The server sent fewer rows than it announced.");
      yield picked;
      row += picked.length;
    }
  }

  #chunkOf(index: number): BaseChunkInfo | undefined {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const chunk = this.#chunks[middle] as BaseChunkInfo;
      if (index < chunk.row_offset) high = middle - 1;
      else if (index >= chunk.row_offset + chunk.row_count) low = middle + 1;
      else return chunk;
    }
    return undefined;
  }

  #store(chunk_index: number, data: ResultData | undefined): void {
    const rows = data?.data_array ?? [];
    this.#loaded.set(chunk_index, rows);
    const at = this.#chunks.findIndex((chunk) => chunk.chunk_index === chunk_index);
    const chunk = this.#chunks[at];
    if (!chunk || chunk.row_count === rows.length || data?.next_chunk_index === undefined) return;
    // A manifest that does not list its chunks tells their sizes only one after the other.
    const rest = {
      chunk_index: data.next_chunk_index,
      row_offset: chunk.row_offset + rows.length,
      row_count: chunk.row_count - rows.length,
    };
    this.#chunks.splice(at, 1, { ...chunk, row_count: rows.length }, rest);
  }

  #load(chunk_index: number): Promise<void> {
    if (this.#loaded.has(chunk_index)) return Promise.resolve();
    let loading = this.#loading.get(chunk_index);
    if (!loading) {
      loading = getResultChunk(this.token, this.#statement_id, chunk_index)
        .then((data) => {
          this.#store(chunk_index, data);
          this.changed();
        })
        .finally(() => this.#loading.delete(chunk_index));
      this.#loading.set(chunk_index, loading);
    }
    return loading;
  }
}
