namespace CdcFlow.Replay.Tests.Cases;

[Report("redpanda-data/connect", "#3198", "While only other tables changed, the slot kept the log for ever.")]
[Report("risingwavelabs/risingwave", "#16697", "A slot held 19 GB of log although its tables were idle.")]
[Report("airbytehq/airbyte", "#27647", "A run without changes waited for one until its time limit.")]
[Report("getdozer/dozer", "#2287", "A run that saw no change after its snapshot could not be gone on with.")]
public sealed class IdleTable : Case<Items>
{
    [Fact]
    public async Task Lets_the_server_forget_the_log_of_others()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE TABLE busy (v text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        await SourceAsync("INSERT INTO busy SELECT repeat('x', 1000) FROM generate_series(1, 3000)");
        var before = (await Stage.QueryAsync("SELECT pg_current_wal_lsn()"))[0][0];
        await RunAsync();
        await RunAsync();
        Assert.Equal("t", (await Stage.QueryAsync($"SELECT confirmed_flush_lsn >= '{before}' FROM pg_replication_slots WHERE slot_name = '{Name}'"))[0][0]);
        await SameAsync();
    }
}
