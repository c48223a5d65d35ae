package io.camure.faults.node;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What a process keeps. */
public final class ProcessMemory {

    private ProcessMemory() {}

    /** Of this process: what is reachable of its heap, and memory outside of it. */
    public static long bytes() {
        System.gc();
        long outside = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return outside
                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
