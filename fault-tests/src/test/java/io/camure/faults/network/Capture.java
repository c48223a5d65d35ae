package io.camure.faults.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What passes a network, as tcpdump writes it down. */
public final class Capture implements AutoCloseable {

    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int RECORD_LENGTH = 8;
    private static final int LITTLE_ENDIAN_MAGIC = 0xD4C3B2A1;

    private static final int ETHERTYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int IP = 14;
    private static final int PROTOCOL = IP + 9;
    private static final int UDP = 17;
    private static final int UDP_LENGTH = 4;
    private static final int UDP_HEADER_BYTES = 8;

    private final Process process;
    private final Path file;

    private Capture(Process process, Path file) {
        this.process = process;
        this.file = file;
    }

    /** @param entering what the command line begins with, to have it listen somewhere else */
    static Capture begin(List<String> entering, String device, Path file) throws IOException {
        List<String> command = new ArrayList<>(entering);
        // Whole packets, written at once, and by root, to whom the file belongs.
        command.addAll(List.of("tcpdump", "--immediate-mode", "-U", "-n", "-s", "0", "-B", "16384", "-Z", "root"));
        command.addAll(List.of("-i", device, "-w", file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Capture capture = new Capture(process, file);
        capture.awaitBegin();
        return capture;
    }

    private void awaitBegin() throws IOException {
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder all = new StringBuilder();
        String line = said.readLine();
        while (line != null && !line.contains("listening on")) {
            all.append(line).append('\n');
            line = said.readLine();
        }
        if (line == null) {
            throw new IOException("tcpdump has ended: " + all);
        }
    }

    /** All of it, headers and padding included, as far as it was written until now. */
    public byte[] bytes() throws IOException {
        return Files.readAllBytes(file);
    }

    /** What the datagrams of UDP over IPv4 have behind their headers. */
    public List<ByteBuffer> datagrams() throws IOException {
        ByteBuffer whole = ByteBuffer.wrap(bytes());
        ByteOrder order = whole.getInt() == LITTLE_ENDIAN_MAGIC ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        whole.order(order).position(FILE_HEADER_BYTES);
        List<ByteBuffer> datagrams = new ArrayList<>();
        while (whole.remaining() > RECORD_HEADER_BYTES) {
            int bytes = whole.getInt(whole.position() + RECORD_LENGTH);
            int start = whole.position() + RECORD_HEADER_BYTES;
            if (whole.limit() - start < bytes) {
                // It is being written.
                break;
            }
            ByteBuffer frame = whole.slice(start, bytes);
            if (frame.getShort(ETHERTYPE) == IPV4 && frame.get(PROTOCOL) == UDP) {
                int udp = IP + 4 * (frame.get(IP) & 0xF);
                datagrams.add(frame.slice(
                        udp + UDP_HEADER_BYTES, (frame.getShort(udp + UDP_LENGTH) & 0xFFFF) - UDP_HEADER_BYTES));
            }
            whole.position(start + bytes);
        }
        return datagrams;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
