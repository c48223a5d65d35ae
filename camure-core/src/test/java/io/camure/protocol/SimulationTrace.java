package io.camure.protocol;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Prints what happens in a simulated run. */
final class SimulationTrace {

    private final PrintStream output;
    private final SimulatedNetwork network;

    SimulationTrace(PrintStream output, SimulatedNetwork network) {
        this.output = output;
        this.network = network;
    }

    void say(String what) {
        output.printf("%14.6f  %s%n", network.nowNanos() / 1e6, what);
    }

    void sent(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
        say(source + " sends " + describe(bytes) + " to " + destination);
    }

    void received(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
        say(destination + " receives " + describe(bytes) + " from " + source);
    }

    private static String describe(byte[] bytes) {
        ChunkReader chunk = new ChunkReader();
        if (chunk.read(ByteBuffer.wrap(bytes)) != null) {
            return bytes.length + " bytes that can't be read, " + HexFormat.of().formatHex(bytes);
        }
        ChunkType type = chunk.type();
        return switch (type) {
            case SESSION_JOIN, SESSION_WELCOME, SESSION_HEARTBEAT, SESSION_REFUSED, SESSION_LEAVE ->
                type + (chunk.extension() == null ? "" : " " + chunk.extension());
            case GROUP_JOIN, GROUP_LEAVE -> type + " " + chunk.group();
            case GROUP_PENDING -> type + " " + chunk.group() + " \"" + chunk.pendingReason() + '"';
            case GROUP_DISCONNECTED -> type + " " + chunk.group() + " \"" + chunk.reason() + '"';
            default -> type + " " + chunk.group() + " #" + chunk.sequence();
        };
    }
}
