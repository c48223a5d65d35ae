package io.camure.spring.boot.autoconfigure;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds classes that know each other, directly or by way of others: strongly connected components, by the algorithm of Tarjan
 * (1972). A nested class counts as that around it. A sealed type is not taken to know those that it permits.
 */
final class ClassCycles {

    private final Map<String, Set<String>> known;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Map<String, Integer> lowest = new HashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final List<Set<String>> cycles = new ArrayList<>();

    private ClassCycles(Map<String, Set<String>> known) {
        this.known = known;
    }

    /** The classes of each cycle. */
    static List<Set<String>> of(JavaClasses classes) {
        Map<String, Set<String>> known = new TreeMap<>();
        for (JavaClass each : classes) {
            Set<String> of = known.computeIfAbsent(outermost(each), name -> new TreeSet<>());
            each.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .filter(target -> classes.contain(target.getFullName()))
                    .map(ClassCycles::outermost)
                    .filter(name -> !name.equals(outermost(each)))
                    .forEach(of::add);
        }
        ClassCycles search = new ClassCycles(known);
        known.keySet().stream()
                .filter(name -> !search.indexes.containsKey(name))
                .forEach(search::visit);
        return search.cycles;
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ClassCycles::outermost).orElse(type.getFullName());
    }

    private void visit(String name) {
        int index = indexes.size();
        indexes.put(name, index);
        lowest.put(name, index);
        path.push(name);
        for (String next : known.getOrDefault(name, Set.of())) {
            if (!indexes.containsKey(next)) {
                visit(next);
                lowest.merge(name, lowest.get(next), Math::min);
            } else if (path.contains(next)) {
                lowest.merge(name, indexes.get(next), Math::min);
            }
        }
        if (lowest.get(name) == index) {
            Set<String> cycle = new TreeSet<>();
            String last;
            do {
                last = path.pop();
                cycle.add(last);
            } while (!last.equals(name));
            if (cycle.size() > 1) {
                cycles.add(cycle);
            }
        }
    }
}
