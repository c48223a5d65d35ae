package io.camure.benchmarks;

/** The results as Markdown. */
final class Report {

    private final Results results;
    private final Network network;

    Report(Results results, Network network) {
        this.results = results;
        this.network = network;
    }

    String markdown() {
        return results.all().size() + " cells, " + network.description() + "\n";
    }
}
