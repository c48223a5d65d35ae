package io.camure.node.session;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A receive buffer that is smaller than the one that was asked for. */
public final class ReceiveBuffer {

    private static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");

    private ReceiveBuffer() {}

    /**
     * What was asked for, what the kernel gave, and what to do about it; {@code null} when nothing is missing.
     *
     * @param askedBytes 0 when nothing was asked for
     * @param grantedBytes as the kernel counts them
     */
    public static @Nullable String shortfall(int askedBytes, int grantedBytes) {
        return shortfall(askedBytes, grantedBytes, LINUX);
    }

    static @Nullable String shortfall(int askedBytes, int grantedBytes, boolean linux) {
        // Linux counts its overhead, too: twice what is asked for, if it gives all of it.
        int usableBytes = linux ? grantedBytes / 2 : grantedBytes;
        if (usableBytes >= askedBytes) {
            return null;
        }
        return "the receive buffer has " + usableBytes + " bytes, where receive-buffer asks for " + askedBytes
                + ", so fewer chunks can be on their way at once: "
                + (linux
                        ? "allow more by sysctl -w net.core.rmem_max=" + askedBytes
                        : "raise the limit of the operating system")
                + ", or set receive-buffer to what there is";
    }
}
