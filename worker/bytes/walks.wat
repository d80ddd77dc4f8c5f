;; Walks over each byte of a sample, where JavaScript takes half as long again or more. Assembled into walks.wasm by `deno task wasm`.
;;
;; Memory, in bytes:
;;      0  permutation of TLSH, 256 words, each value times 4
;;   1024  first step of a triplet's hash by the newest byte: 256 words for each of the salts 2, 3, 11, 5, 7, 13 and 0, times 4
;;   8192  triplets counted: 256 words for each of the six kinds
;;  14336  histogram: 256 words, four times over, so that runs of one value don't wait for their own last increment
;;  18432  state of ssdeep: three sums of the rolling hash, then the hashes of two pieces
;;  65536  a chunk of the sample, with the last bytes of the chunk before in front
;; Bytes are held times 4, ready to be added to the address of a table.
(module
  (memory (export "memory") 6)

  ;; Counts the bytes from $at to $end.
  (func (export "histogram") (param $at i32) (param $end i32) (local $p i32)
    (loop $rest
      (if (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const 3))
        (then
          (local.set $p (i32.shl (i32.load8_u (local.get $at)) (i32.const 2)))
          (i32.store offset=14336 (local.get $p) (i32.add (i32.load offset=14336 (local.get $p)) (i32.const 1)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $rest))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $p (i32.shl (i32.load8_u offset=0 (local.get $at)) (i32.const 2)))
        (i32.store offset=14336 (local.get $p) (i32.add (i32.load offset=14336 (local.get $p)) (i32.const 1)))
        (local.set $p (i32.shl (i32.load8_u offset=1 (local.get $at)) (i32.const 2)))
        (i32.store offset=15360 (local.get $p) (i32.add (i32.load offset=15360 (local.get $p)) (i32.const 1)))
        (local.set $p (i32.shl (i32.load8_u offset=2 (local.get $at)) (i32.const 2)))
        (i32.store offset=16384 (local.get $p) (i32.add (i32.load offset=16384 (local.get $p)) (i32.const 1)))
        (local.set $p (i32.shl (i32.load8_u offset=3 (local.get $at)) (i32.const 2)))
        (i32.store offset=17408 (local.get $p) (i32.add (i32.load offset=17408 (local.get $p)) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next))))

  ;; TLSH: counts the triplets that end at the bytes from $at to $end; gives the checksum (times 4) after them.
  (func (export "triplets") (param $at i32) (param $end i32) (param $checksum i32) (result i32)
    (local $b0 i32) (local $b1 i32) (local $b2 i32) (local $b3 i32) (local $b4 i32) (local $k i32) (local $n i32)
    (local.set $b4 (i32.shl (i32.load8_u (i32.sub (local.get $at) (i32.const 4))) (i32.const 2)))
    (local.set $b3 (i32.shl (i32.load8_u (i32.sub (local.get $at) (i32.const 3))) (i32.const 2)))
    (local.set $b2 (i32.shl (i32.load8_u (i32.sub (local.get $at) (i32.const 2))) (i32.const 2)))
    (local.set $b1 (i32.shl (i32.load8_u (i32.sub (local.get $at) (i32.const 1))) (i32.const 2)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $b0 (i32.shl (i32.load8_u (local.get $at)) (i32.const 2)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $n (i32.const 1))
        (local.set $k (i32.load (i32.xor (i32.load offset=7168 (local.get $b0)) (local.get $b1))))
        (local.set $checksum (i32.load (i32.xor (local.get $k) (local.get $checksum))))
        ;; Five equal bytes, as in padding: all that follow count at once, and only the checksum goes on byte by byte.
        (if (i32.eq (i32.load (i32.sub (local.get $at) (i32.const 5))) (i32.load (i32.sub (local.get $at) (i32.const 4))))
          (then
            (block $ran
              (loop $run
                (br_if $ran (i32.ge_u (local.get $at) (local.get $end)))
                (br_if $ran (i32.ne (i32.load8_u (local.get $at)) (i32.shr_u (local.get $b0) (i32.const 2))))
                (local.set $checksum (i32.load (i32.xor (local.get $k) (local.get $checksum))))
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br $run)))))
        (local.set $k (i32.xor (i32.load (i32.xor (i32.load offset=1024 (local.get $b0)) (local.get $b1))) (local.get $b2)))
        (i32.store offset=8192 (local.get $k) (i32.add (i32.load offset=8192 (local.get $k)) (local.get $n)))
        (local.set $k (i32.xor (i32.load (i32.xor (i32.load offset=2048 (local.get $b0)) (local.get $b1))) (local.get $b3)))
        (i32.store offset=9216 (local.get $k) (i32.add (i32.load offset=9216 (local.get $k)) (local.get $n)))
        (local.set $k (i32.xor (i32.load (i32.xor (i32.load offset=3072 (local.get $b0)) (local.get $b1))) (local.get $b4)))
        (i32.store offset=10240 (local.get $k) (i32.add (i32.load offset=10240 (local.get $k)) (local.get $n)))
        (local.set $k (i32.xor (i32.load (i32.xor (i32.load offset=4096 (local.get $b0)) (local.get $b2))) (local.get $b3)))
        (i32.store offset=11264 (local.get $k) (i32.add (i32.load offset=11264 (local.get $k)) (local.get $n)))
        (local.set $k (i32.xor (i32.load (i32.xor (i32.load offset=5120 (local.get $b0)) (local.get $b2))) (local.get $b4)))
        (i32.store offset=12288 (local.get $k) (i32.add (i32.load offset=12288 (local.get $k)) (local.get $n)))
        (local.set $k (i32.xor (i32.load (i32.xor (i32.load offset=6144 (local.get $b0)) (local.get $b3))) (local.get $b4)))
        (i32.store offset=13312 (local.get $k) (i32.add (i32.load offset=13312 (local.get $k)) (local.get $n)))
        (local.set $b4 (local.get $b3))
        (local.set $b3 (local.get $b2))
        (local.set $b2 (local.get $b1))
        (local.set $b1 (local.get $b0))
        (br $next)))
    (local.get $checksum))

  ;; ssdeep: takes bytes into the rolling hash up to one where the bits of $mask say that a piece may end, or to $end; gives the place after it.
  (func (export "roll") (param $at i32) (param $end i32) (param $mask i32) (result i32)
    (local $plain i32) (local $weighted i32) (local $shifted i32) (local $byte i32)
    (local.set $plain (i32.load offset=18432 (i32.const 0)))
    (local.set $weighted (i32.load offset=18436 (i32.const 0)))
    (local.set $shifted (i32.load offset=18440 (i32.const 0)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (local.set $weighted (i32.add (i32.sub (local.get $weighted) (local.get $plain)) (i32.mul (local.get $byte) (i32.const 7))))
        (local.set $plain (i32.sub (i32.add (local.get $plain) (local.get $byte)) (i32.load8_u (i32.sub (local.get $at) (i32.const 7)))))
        (local.set $shifted (i32.xor (i32.shl (local.get $shifted) (i32.const 5)) (local.get $byte)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.and
          (i32.add (i32.add (local.get $plain) (local.get $weighted)) (i32.add (local.get $shifted) (i32.const 1)))
          (local.get $mask)))))
    (i32.store offset=18432 (i32.const 0) (local.get $plain))
    (i32.store offset=18436 (i32.const 0) (local.get $weighted))
    (i32.store offset=18440 (i32.const 0) (local.get $shifted))
    (local.get $at))

  ;; ssdeep: takes bytes into the hashes of two pieces, side by side, since each step of one has to wait for the step before it.
  ;; Products and exclusive ors carry upwards only: the low six bits, which the digest shows, are right without masking each step.
  (func (export "hash") (param $at i32) (param $end i32) (local $one i32) (local $two i32) (local $byte i32)
    (local.set $one (i32.load offset=18444 (i32.const 0)))
    (local.set $two (i32.load offset=18448 (i32.const 0)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (local.set $one (i32.xor (i32.mul (local.get $one) (i32.const 19)) (local.get $byte)))
        (local.set $two (i32.xor (i32.mul (local.get $two) (i32.const 19)) (local.get $byte)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (i32.store offset=18444 (i32.const 0) (local.get $one))
    (i32.store offset=18448 (i32.const 0) (local.get $two))))
