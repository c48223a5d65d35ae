package io.camure.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Histograms of nanoseconds, to 0.1 %. */
final class Histograms {

    private static final int DIGITS = 3;

    private Histograms() {}

    static Histogram empty() {
        Histogram histogram = new Histogram(DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    /** That of a node's answer: encoded in it, or of the samples in a file that it names. */
    static Histogram of(Fields answer) {
        return answer.values().containsKey("samples")
                ? ofSamples(Path.of(answer.text("samples")))
                : decode(answer.text("histogram"));
    }

    static Histogram decode(String encoded) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram", e);
        }
    }

    /** @param file of 64-bit numbers as the processor writes them */
    private static Histogram ofSamples(Path file) {
        try {
            LongBuffer samples = ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
            Histogram histogram = empty();
            while (samples.hasRemaining()) {
                histogram.recordValue(Math.max(0, samples.get()));
            }
            return histogram;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
