package io.camure.benchmarks.micro;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writing a chunk and reading it back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

    private final ByteBuffer datagram = ByteBuffer.allocateDirect(InlineNetwork.CHUNK_BYTES);
    private final ChunkReader reader = new ChunkReader();
    private final byte[] payload = new byte[InlineNetwork.CHUNK_BYTES - ChunkWriter.BROADCAST_HEADER_BYTES];
    private long sequence;

    /** A release with all that it tells. */
    @Benchmark
    public long release() {
        ChunkWriter.barrierReleased(datagram.clear(), 1, sequence++, 5, 0x1234567, 3);
        if (reader.read(datagram.flip()) != null) {
            throw new AssertionError("unreadable");
        }
        return reader.sequence() + reader.epoch() + reader.lastArrived();
    }

    /** A status report of which the bitmap has 64 bits. */
    @Benchmark
    public boolean statusReport() {
        ChunkWriter.broadcastStatus(datagram.clear(), 1, sequence++, sequence + 64, 1000, sequence, 12, 1);
        datagram.putLong(0x0F0F_0F0F_0F0F_0F0FL);
        if (reader.read(datagram.flip()) != null) {
            throw new AssertionError("unreadable");
        }
        boolean all = true;
        for (int i = 1; i <= 64; i++) {
            all &= reader.statusHas(i);
        }
        return all;
    }

    /** A chunk of a broadcast that is as large as fits. */
    @Benchmark
    public int broadcast() {
        ChunkWriter.sequenced(datagram.clear(), ChunkType.BROADCAST_FRAGMENT, 1, sequence++);
        datagram.put(payload);
        if (reader.read(datagram.flip()) != null) {
            throw new AssertionError("unreadable");
        }
        reader.copyPayload(payload, 0);
        return reader.payloadBytes();
    }
}
