package io.camure.faults.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.faults.election.InstanceProcess.Passed;
import io.camure.faults.network.Namespaces;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Four equal instances, each in a process and a network namespace of its own, and what they say of the rounds that they pass. */
final class Instances implements AutoCloseable {

    static final int COUNT = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ENOUGH = 20;

    private final Namespaces namespaces;
    private final Launcher launcher;
    private final InstanceProcess[] instances = new InstanceProcess[COUNT];

    /** Starts one of them. */
    interface Launcher {

        /**
         * @param entering what the command line begins with
         * @param address that of the namespace
         */
        InstanceProcess launch(List<String> entering, String name, String address) throws IOException;
    }

    /** @param namespaces at least so many */
    Instances(Namespaces namespaces, Launcher launcher) throws IOException {
        this.namespaces = namespaces;
        this.launcher = launcher;
        for (int i = 0; i < COUNT; i++) {
            launch(i);
        }
    }

    /** Starts one, for the first time or in place of one that has ended. */
    void launch(int number) throws IOException {
        instances[number] = launcher.launch(namespaces.entering(number), "node-" + number, Namespaces.address(number));
    }

    InstanceProcess get(int number) {
        return instances[number];
    }

    List<InstanceProcess> others(int without) {
        return IntStream.range(0, COUNT)
                .filter(i -> i != without)
                .mapToObj(i -> instances[i])
                .toList();
    }

    /** The term of the last round that one has passed. */
    long term(int number) {
        return term(instances[number]);
    }

    private static long term(InstanceProcess instance) {
        List<Passed> rounds = instance.rounds();
        return rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).term();
    }

    /** Waits until all have passed some rounds of one term, and says which of them coordinates. */
    int awaitAll() {
        await().atMost(PATIENCE).until(() -> {
            long highest = Stream.of(instances).mapToLong(Instances::term).max().orElseThrow();
            return Stream.of(instances).allMatch(each -> inTerm(each, highest) >= ENOUGH);
        });
        List<Passed> rounds = instances[0].rounds();
        String coordinator = rounds.get(rounds.size() - 1).coordinator();
        return Integer.parseInt(coordinator.substring("node-".length()));
    }

    private static long inTerm(InstanceProcess instance, long term) {
        return instance.rounds().stream().filter(round -> round.term() == term).count();
    }

    private static List<Passed> firstOfHigherTerm(Collection<InstanceProcess> among, long term) {
        return among.stream()
                .map(instance -> instance.rounds().stream()
                        .filter(round -> round.term() > term)
                        .findFirst())
                .flatMap(Optional::stream)
                .toList();
    }

    /** When all have passed a round of a higher term, the last of them for the first time. */
    static long awaitFirstEverywhere(Collection<InstanceProcess> among, long term) {
        await().atMost(PATIENCE).until(() -> firstOfHigherTerm(among, term).size() == among.size());
        return firstOfHigherTerm(among, term).stream()
                .mapToLong(Passed::nanos)
                .max()
                .orElseThrow();
    }

    /**
     * No round of a term is released after one of a higher term. An instance that was stopped may read one late that others have
     * passed in time.
     */
    void assertInOrderOfTerms() {
        List<Passed> all = Stream.of(instances)
                .flatMap(instance -> instance.rounds().stream())
                .sorted(Comparator.comparingLong(Passed::nanos))
                .toList();
        Set<List<Long>> passedInTime = new HashSet<>();
        long highest = 0;
        for (Passed round : all) {
            List<Long> which = List.of(round.term(), round.number());
            if (round.term() < highest) {
                assertThat(passedInTime).contains(which);
            } else {
                passedInTime.add(which);
                highest = round.term();
            }
        }
    }

    @Override
    public void close() {
        for (InstanceProcess instance : instances) {
            if (instance != null) {
                instance.close();
            }
        }
    }
}
