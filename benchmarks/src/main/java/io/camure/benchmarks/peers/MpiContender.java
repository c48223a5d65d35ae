package io.camure.benchmarks.peers;

import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Settings;
import io.camure.benchmarks.Work;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Open MPI over TCP: MPI_Barrier, MPI_Allreduce, MPI_Allgather, and MPI_Bcast for a broadcast. Its nodes are a C program, so what is
 * here only says how to start them. {@code spin} has its processes look for messages without ever yielding the processor, which is
 * what it does where there is a processor for each. {@code shared-memory} is for a look at what it does on one host without a network,
 * which is no contender: nothing else here may use it.
 */
public final class MpiContender implements Contender {

    /** How its processes wait. */
    public static final List<String> CONFIGURATIONS = List.of("yield", "spin");

    private final boolean spinning;
    private final boolean sharedMemory;

    /** @param settings yield or spin, and shared-memory */
    public MpiContender(Settings settings) {
        spinning = settings.oneOf("yield", "spin").equals("spin");
        sharedMemory = settings.has("shared-memory");
    }

    @Override
    public Set<Work> works() {
        return EnumSet.of(Work.BARRIER, Work.ALLREDUCE, Work.ALLGATHER, Work.BROADCAST, Work.LATENCY);
    }

    /** Whether all nodes are on one host. */
    public boolean usesSharedMemory() {
        return sharedMemory;
    }

    /** The parameters of its components, on the network of an interface. */
    public List<String> parameters(String network) {
        List<String> parameters =
                new ArrayList<>(List.of("--mca", "pml", "ob1", "--mca", "mpi_yield_when_idle", spinning ? "0" : "1"));
        if (sharedMemory) {
            parameters.addAll(List.of("--mca", "btl", "vader,self"));
        } else {
            parameters.addAll(List.of("--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", network));
        }
        return parameters;
    }

    @Override
    public Meeting meeting(Place place) {
        throw new UnsupportedOperationException("its nodes are no JVMs");
    }

    @Override
    public Sender sender(Place place) {
        throw new UnsupportedOperationException("its nodes are no JVMs");
    }

    @Override
    public Side receiver(Place place, Sink sink) {
        throw new UnsupportedOperationException("its nodes are no JVMs");
    }
}
