package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorLocator;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the coordinator is that was elected.
 *
 * @param configured where it is if the election does not know it; {@code null} if that is not configured
 */
record ElectionLocator(
        CoordinatorElection election, @Nullable CoordinatorLocator configured) implements CoordinatorLocator {

    @Override
    public List<InetSocketAddress> candidates() throws IOException {
        Optional<CoordinatorRecord> elected = election.current();
        if (elected.isPresent()) {
            return List.of(elected.get().address());
        } else if (configured != null) {
            return configured.candidates();
        }
        throw new IOException("no instance has been elected yet");
    }

    @Override
    public String toString() {
        return configured == null ? "the elected coordinator" : configured.toString();
    }
}
