package io.camure;

import io.camure.wire.NodeIdentity;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What nodes are called whose configuration does not say it. */
public final class NodeNames {

    /** Where platforms for containers say what they call this one, such as a pod's name. */
    private static final String HOST_VARIABLE = "HOSTNAME";

    private NodeNames() {}

    /**
     * A name that tells instances of one application apart: what the node is, and the environment variable {@code HOSTNAME}, such as
     * {@code orders-web-1}, or four random hexadecimal digits where it is not set, such as {@code orders-7f9c}. The value of
     * {@code HOSTNAME} alone if it begins with what the node is, as names of pods do, or if both are longer than a name that is
     * told to other nodes.
     *
     * @param what such as the application's name
     */
    public static String distinct(String what) {
        return distinct(what, System.getenv(HOST_VARIABLE));
    }

    static String distinct(String what, @Nullable String host) {
        if (host == null || host.isBlank()) {
            return what + "-"
                    + HexFormat.of()
                            .toHexDigits((short) ThreadLocalRandom.current().nextInt());
        }
        String both = what + "-" + host;
        boolean fits = both.getBytes(StandardCharsets.UTF_8).length <= NodeIdentity.NAME_BYTES;
        return fits && !host.startsWith(what + "-") ? both : host;
    }
}
