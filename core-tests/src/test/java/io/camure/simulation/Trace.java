package io.camure.simulation;

import io.camure.protocol.base.Format;
import io.camure.wire.ChunkReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** What has happened in a run, line by line: printed on demand, and summed up, to tell whether two runs are the same. */
final class Trace {

    private final SeededScheduler scheduler;
    private final PrintStream output;
    private final CRC32 sum = new CRC32();

    /** @param output {@code null} for none */
    Trace(SeededScheduler scheduler, PrintStream output) {
        this.scheduler = scheduler;
        this.output = output;
    }

    void say(Object who, String what) {
        String line = String.format("%14.6f  %s: %s", scheduler.nowNanos() / 1e6, who, what);
        sum.update(line.getBytes(StandardCharsets.UTF_8));
        if (output != null) {
            output.println(line);
        }
    }

    void sent(Object who, InetSocketAddress destination, ByteBuffer content) {
        long nowNanos = scheduler.nowNanos();
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            sum.update((int) (nowNanos >> shift));
        }
        sum.update(destination.getPort());
        sum.update(content.duplicate());
        if (output != null) {
            say(who, "sends " + describe(content) + " to " + Format.address(destination));
        }
    }

    private static String describe(ByteBuffer content) {
        ChunkReader chunk = new ChunkReader();
        if (chunk.read(content.duplicate()) != null) {
            return content.remaining() + " bytes that can't be read";
        }
        return switch (chunk.type()) {
            case SESSION_JOIN, SESSION_WELCOME, SESSION_HEARTBEAT, SESSION_REFUSED, SESSION_LEAVE ->
                chunk.type().toString();
            case GROUP_JOIN, GROUP_LEAVE, GROUP_DISCONNECTED, GROUP_PENDING -> chunk.type() + " " + chunk.group();
            default -> chunk.type() + " " + chunk.group() + " #" + chunk.sequence();
        };
    }

    /** Differs between runs that differ. */
    long sum() {
        return sum.getValue();
    }
}
