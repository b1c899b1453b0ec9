/*
 * ISA-L on the codes of the storage sector, as a peer to measure and to agree with.
 *
 *   isa-l rows  K N LENGTH LOST       data rows on stdin; writes the N - K parity rows
 *   isa-l speed K N LENGTH LOST SECONDS
 *
 * With LOST = 0 it encodes; otherwise it makes the first LOST data rows out of the others and the first LOST parity rows. "speed" prints
 * bytes of data per microsecond of CPU time. Matrices and tables are made before the clock starts.
 */
#include <isa-l/erasure_code.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned char *rows[255], *inputs[255], *outputs[255];

static unsigned char *fill(int length) {
  unsigned char *row = aligned_alloc(64, (length + 63) / 64 * 64);
  for (int i = 0; i < length; i++) row[i] = rand();
  return row;
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  int k = atoi(argv[2]), n = atoi(argv[3]), length = atoi(argv[4]), lost = atoi(argv[5]);
  int made = lost == 0 ? n - k : lost;
  unsigned char *matrix = malloc(n * k), *square = malloc(k * k), *inverse = malloc(k * k);
  unsigned char *factors = malloc(n * k), *tables = malloc(32 * n * k);
  gf_gen_cauchy1_matrix(matrix, n, k);
  for (int i = 0; i < n; i++) rows[i] = fill(length);
  for (int i = 0; i < k; i++) {
    inputs[i] = rows[i + lost];
    memcpy(square + i * k, matrix + (i + lost) * k, k);
  }
  for (int i = 0; i < made; i++) outputs[i] = rows[lost == 0 ? k + i : i];
  if (lost == 0) {
    memcpy(factors, matrix + k * k, made * k);
  } else {
    if (gf_invert_matrix(square, inverse, k) != 0) return 3;
    memcpy(factors, inverse, made * k);
  }
  ec_init_tables(k, made, factors, tables);
  if (strcmp(argv[1], "rows") == 0) {
    for (int i = 0; i < k; i++)
      if (fread(rows[i], 1, length, stdin) != (size_t)length) return 4;
    ec_encode_data(length, k, made, tables, inputs, outputs);
    for (int i = 0; i < made; i++) fwrite(outputs[i], 1, length, stdout);
    return 0;
  }
  if (argc < 7) return 2;
  double seconds = atof(argv[6]);
  long rounds = 0;
  clock_t start = clock();
  do {
    for (int i = 0; i < 16; i++, rounds++) ec_encode_data(length, k, made, tables, inputs, outputs);
  } while (clock() - start < seconds * CLOCKS_PER_SEC);
  printf("%f\n", (double)rounds * k * length / ((double)(clock() - start) * 1e6 / CLOCKS_PER_SEC));
  return 0;
}
