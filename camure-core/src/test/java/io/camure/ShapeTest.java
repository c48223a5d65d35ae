package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** No class grows out of hand: how long files and methods are, and how many classes can only be understood together. */
class ShapeTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");

    private static final int FILE_LINES = 350;
    private static final int METHOD_LINES = 50;
    private static final int CONSTRUCTOR_PARAMETERS = 7;

    /** Classes that know one another, directly or by way of others. May only become less. */
    private static final int CLASSES_IN_CYCLES = 6;

    @Test
    void filesAreShort() throws IOException {
        List<Path> files = new ArrayList<>(sourcesIn(SOURCES));
        files.addAll(sourcesIn(TESTS));
        assertThat(tooLong(files)).as("files of more than %d lines", FILE_LINES).isEmpty();
    }

    private static List<String> tooLong(List<Path> files) throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : files) {
            long lines;
            try (Stream<String> all = Files.lines(file)) {
                lines = all.count();
            }
            if (lines > FILE_LINES) {
                tooLong.add(file.getFileName() + ": " + lines);
            }
        }
        return tooLong;
    }

    private static List<Path> sourcesIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void methodsAreShortAndConstructorsTakeFewParameters() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> tooLarge = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sourcesIn(SOURCES)));
            for (CompilationUnitTree unit : task.parse()) {
                findTooLarge(unit, Trees.instance(task).getSourcePositions(), tooLarge);
            }
        }
        assertThat(tooLarge)
                .as("methods of more than %d lines, constructors of more than %d", METHOD_LINES, CONSTRUCTOR_PARAMETERS)
                .isEmpty();
    }

    private static void findTooLarge(CompilationUnitTree unit, SourcePositions positions, List<String> tooLarge) {
        String file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
        LineMap lines = unit.getLineMap();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                long first = lines.getLineNumber(positions.getStartPosition(unit, method));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method));
                if (last - first >= METHOD_LINES) {
                    tooLarge.add(file + ": " + method.getName() + " has " + (last - first + 1) + " lines");
                }
                if (method.getReturnType() == null && method.getParameters().size() > CONSTRUCTOR_PARAMETERS) {
                    tooLarge.add(file + ": a constructor has "
                            + method.getParameters().size() + " parameters");
                }
                return super.visitMethod(method, nothing);
            }
        }.scan(unit, null);
    }

    /** A sealed type knows its family, which is read as one. */
    @Test
    void fewClassesCanOnlyBeUnderstoodTogether() {
        Map<String, Set<String>> known = knownClasses();
        List<Set<String>> cycles = new Cycles(known).found();
        int classes = cycles.stream().mapToInt(Set::size).sum();

        assertThat(classes)
                .as("classes in cycles, of %d: %s", known.size(), cycles)
                .isLessThanOrEqualTo(CLASSES_IN_CYCLES);
        assertThat(cycles)
                .as("cycles of state machines")
                .noneMatch(cycle -> cycle.stream().anyMatch(name -> name.startsWith("io.camure.protocol.")));
    }

    private static Map<String, Set<String>> knownClasses() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        Map<String, Set<String>> known = new TreeMap<>();
        for (JavaClass one : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.camure")) {
            Set<String> others = known.computeIfAbsent(outermost(one), name -> new TreeSet<>());
            one.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .map(ShapeTest::outermost)
                    .filter(name -> name.startsWith("io.camure."))
                    .forEach(others::add);
        }
        known.forEach((name, others) -> others.removeAll(family(name)));
        return known;
    }

    private static String outermost(JavaClass one) {
        return one.getName().replaceFirst("\\$.*", "");
    }

    private static Set<String> family(String name) {
        try {
            Class<?>[] permitted = Class.forName(name).getPermittedSubclasses();
            Set<String> names = new HashSet<>();
            if (permitted != null) {
                Arrays.stream(permitted).map(Class::getName).forEach(names::add);
            }
            return names;
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** The strongly connected components of more than one class, by Tarjan's algorithm. */
    private static final class Cycles {

        private final Map<String, Set<String>> known;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final List<String> stack = new ArrayList<>();
        private final List<Set<String>> found = new ArrayList<>();

        Cycles(Map<String, Set<String>> known) {
            this.known = known;
            known.keySet().stream().filter(name -> !numbers.containsKey(name)).forEach(this::visit);
        }

        List<Set<String>> found() {
            return found;
        }

        private void visit(String name) {
            int number = numbers.size();
            numbers.put(name, number);
            lowest.put(name, number);
            stack.add(name);
            for (String other : known.getOrDefault(name, Set.of())) {
                if (!numbers.containsKey(other)) {
                    visit(other);
                    lowest.merge(name, lowest.get(other), Math::min);
                } else if (stack.contains(other)) {
                    lowest.merge(name, numbers.get(other), Math::min);
                }
            }
            if (lowest.get(name) == number) {
                List<String> component = stack.subList(stack.indexOf(name), stack.size());
                if (component.size() > 1) {
                    found.add(new TreeSet<>(component));
                }
                component.clear();
            }
        }
    }
}
