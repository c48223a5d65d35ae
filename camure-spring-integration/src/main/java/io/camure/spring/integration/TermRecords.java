package io.camure.spring.integration;

import io.camure.Node;
import io.camure.spring.election.CoordinatorRecord;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.metadata.ConcurrentMetadataStore;

/**
 * Who coordinates a session and in which term, as one entry of a metadata store: {@code 7 10.0.0.1:7400 orders-0}, or {@code 7}
 * alone when that one coordinates no more. Each change compares and sets, so that no term is given twice. Thread-safe.
 */
final class TermRecords {

    private static final Logger log = LoggerFactory.getLogger(TermRecords.class);

    private final ConcurrentMetadataStore store;
    private final String key;

    TermRecords(ConcurrentMetadataStore store, String key) {
        this.store = store;
        this.key = key;
    }

    /**
     * Gives the next term to a node.
     *
     * @param known a term that there was, which the store may have lost
     */
    CoordinatorRecord publish(CoordinatorRecord candidate, long known) {
        while (true) {
            String before = store.get(key);
            CoordinatorRecord elected = candidate.inTerm(Math.max(before == null ? 0 : term(before), known) + 1);
            String after = text(elected);
            boolean set = before == null ? store.putIfAbsent(key, after) == null : store.replace(key, before, after);
            if (set) {
                return elected;
            }
        }
    }

    /** Whether the last term is that of a record. */
    boolean isCurrent(CoordinatorRecord record) {
        return text(record).equals(store.get(key));
    }

    /** Says that a node coordinates no more, unless another one does by now. */
    void withdraw(CoordinatorRecord record) {
        store.replace(key, text(record), Long.toString(record.term()));
    }

    /** @throws IOException when the store can't be read, or has something else there */
    Optional<CoordinatorRecord> current() throws IOException {
        return currentAbove(0);
    }

    /**
     * The same, but puts a term that was there in place of a record of a lower one: the store was emptied or restored since. Whoever has put
     * the record there sees that by {@link #isCurrent}.
     */
    Optional<CoordinatorRecord> currentAbove(long seen) throws IOException {
        try {
            String text = store.get(key);
            if (text == null || term(text) >= seen) {
                return Optional.ofNullable(parse(text));
            }
            if (store.replace(key, text, Long.toString(seen))) {
                log.warn(
                        "the record of who coordinates, {}, was of term {}, which is below term {}: the store has lost its count, as"
                                + " when it was restored. Raising it",
                        key,
                        term(text),
                        seen);
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            throw new IOException("the record of who coordinates, " + key + ", can't be read: " + e.getMessage(), e);
        }
    }

    private static String text(CoordinatorRecord record) {
        InetAddress ip = record.address().getAddress();
        String host = ip.getHostAddress();
        if (ip instanceof Inet6Address) {
            int scope = host.indexOf('%');
            host = "[" + (scope < 0 ? host : host.substring(0, scope)) + "]";
        }
        return record.term() + " " + host + ":" + record.address().getPort() + " "
                + record.node().name();
    }

    private static long term(String text) {
        int end = text.indexOf(' ');
        return Long.parseLong(end < 0 ? text : text.substring(0, end));
    }

    private static @Nullable CoordinatorRecord parse(@Nullable String text) throws UnknownHostException {
        if (text == null || text.indexOf(' ') < 0) {
            return null;
        }
        String[] parts = text.split(" ", 3);
        int colon = parts[1].lastIndexOf(':');
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getByName(parts[1].substring(0, colon)), Integer.parseInt(parts[1].substring(colon + 1)));
        return new CoordinatorRecord(term(text), new Node(parts.length < 3 ? "" : parts[2], address, 0), address);
    }
}
