package io.camure.benchmarks;

import io.camure.benchmarks.Family.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The systems of a run.
 *
 * @param systems all of them, in the order of the report
 * @param leftOut what can't be measured on this machine, and why
 */
record Candidates(List<SystemName> systems, List<String> leftOut) {

    /**
     * Finds what words mean.
     *
     * @param words empty for all families
     * @param secured whether these are those of the comparison of encryption, and not the usual ones
     * @param allConfigurations whether a family that nobody named takes part with all its configurations, else with its first
     * @param peers whether peers and floors take part
     * @param peerJdks versions of other JDKs, by which peers are to be run as well
     * @throws IllegalArgumentException if a word means nothing
     */
    static Candidates of(
            Collection<String> words, boolean secured, boolean allConfigurations, boolean peers, Set<String> peerJdks) {
        Set<SystemName> systems = new LinkedHashSet<>();
        Set<String> leftOut = new LinkedHashSet<>();
        List<String> families = secured ? Contenders.SECURED : Contenders.usual();
        for (String word : words.isEmpty() ? families : words) {
            List<SystemName> found = words.isEmpty() ? Contenders.familyNamed(word) : Contenders.matching(word);
            if (words.isEmpty() && !allConfigurations) {
                found = found.subList(0, 1);
            }
            for (SystemName system : found) {
                Family family = Contenders.familyOf(system);
                String missing = family.missing();
                if (missing != null) {
                    leftOut.add(missing);
                } else if (peers || family.kind() == Kind.CAMURE) {
                    systems.addAll(by(system, family, peerJdks));
                }
            }
        }
        return new Candidates(List.copyOf(systems), List.copyOf(leftOut));
    }

    private static List<SystemName> by(SystemName system, Family family, Set<String> peerJdks) {
        List<SystemName> all = new ArrayList<>(List.of(system));
        if (family.runsOnJvm() && family.kind() == Kind.PEER && system.jdk().isEmpty()) {
            peerJdks.forEach(jdk -> all.add(system.by(jdk)));
        }
        return all;
    }
}
