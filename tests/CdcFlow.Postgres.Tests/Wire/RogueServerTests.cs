using System.Text;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;
using Npgsql;

namespace CdcFlow.Postgres.Tests.Wire;

public class RogueServerTests
{
    [Theory]
    [InlineData(3, "clear text")]
    [InlineData(5, "MD5")]
    [InlineData(7, "method 7")]
    public void A_login_that_would_give_the_password_away_is_refused(byte method, string named)
    {
        using var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write(FakeServer.Message('R', [0, 0, 0, method, 1, 2, 3, 4]));
        });

        var refusal = Assert.Throws<CdcFlowException>(() => server.Connect());

        Assert.Equal(PostgresWireErrorCodes.Authentication, refusal.Code);
        Assert.Contains(named, refusal.Message);
        Assert.Contains("scram-sha-256", refusal.Message);
        Assert.DoesNotContain("canary", refusal.ToString());
    }

    [Fact]
    public void A_server_that_skips_its_own_proof_is_refused()
    {
        using var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write(FakeServer.Message('R', [0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8]));
            FakeServer.ReadMessage(stream);
            stream.Write(FakeServer.LoggedIn);
        });

        Assert.Contains("without proving itself", Assert.Throws<PostgresProtocolException>(() => server.Connect()).Message);
    }

    [Fact]
    public void A_wrong_server_proof_is_refused()
    {
        using var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write(FakeServer.Message('R', [0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8]));
            var first = Encoding.UTF8.GetString(FakeServer.ReadMessage(stream).Body);
            var nonce = first[(first.IndexOf("r=", StringComparison.Ordinal) + 2)..];
            stream.Write(FakeServer.Message('R', [0, 0, 0, 11, .. Encoding.UTF8.GetBytes($"r={nonce}x,s=c2FsdA==,i=4096")]));
            FakeServer.ReadMessage(stream);
            stream.Write(FakeServer.Message('R', [0, 0, 0, 12, .. "v=AAAA"u8]));
        });

        var refusal = Assert.Throws<CdcFlowException>(() => server.Connect());

        Assert.Equal(PostgresWireErrorCodes.ServerProof, refusal.Code);
        Assert.DoesNotContain("canary", refusal.ToString());
    }

    [Theory]
    [InlineData("r=someone-else,s=c2FsdA==,i=4096")]
    [InlineData("r={0},s=c2FsdA==,i=4096")]
    [InlineData("r={0}x,s=c2FsdA==,i=0")]
    [InlineData("r={0}x,s=c2FsdA==,i=2000000000")]
    [InlineData("r={0}x,s=%%%,i=4096")]
    [InlineData("garbage")]
    public void A_crooked_login_challenge_is_a_protocol_error(string challenge)
    {
        var client = ScramClient.Choose([ScramClient.Plain], "canary", serverEndPoint: null, ChannelBinding.Prefer, clientNonce: "nonce");

        Assert.Throws<PostgresProtocolException>(() => client.ClientFinal(challenge.Replace("{0}", "nonce", StringComparison.Ordinal)));
    }

    [Fact]
    public void Binding_the_login_to_the_tls_channel_is_chosen_where_both_can_and_its_removal_is_told()
    {
        byte[] endPoint = [1, 2, 3];

        Assert.StartsWith("p=tls-server-end-point,,", ScramClient.Choose([ScramClient.Plain, ScramClient.Bound], "p", endPoint, ChannelBinding.Prefer, "n").ClientFirst);
        Assert.StartsWith("y,,", ScramClient.Choose([ScramClient.Plain], "p", endPoint, ChannelBinding.Prefer, "n").ClientFirst);
        Assert.StartsWith("n,,", ScramClient.Choose([ScramClient.Plain, ScramClient.Bound], "p", null, ChannelBinding.Prefer, "n").ClientFirst);
        Assert.StartsWith("n,,", ScramClient.Choose([ScramClient.Plain, ScramClient.Bound], "p", endPoint, ChannelBinding.Disable, "n").ClientFirst);
        Assert.Contains("does not offer it", Assert.Throws<CdcFlowException>(
            () => ScramClient.Choose([ScramClient.Plain], "p", endPoint, ChannelBinding.Require, "n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_that_was_hashed_too_few_times_is_not_used()
    {
        var client = ScramClient.Choose([ScramClient.Plain], "canary", serverEndPoint: null, ChannelBinding.Prefer, clientNonce: "nonce");

        var refusal = Assert.Throws<CdcFlowException>(() => client.ClientFinal("r=noncex,s=c2FsdA==,i=4095"));

        Assert.Equal(PostgresWireErrorCodes.Authentication, refusal.Code);
        Assert.Contains("SET scram_iterations = 4096", refusal.Fix);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MinValue)]
    public void A_crooked_message_length_is_a_protocol_error_and_allocates_nothing(int length)
    {
        using var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write(FakeServer.Message('R', length, [0, 0, 0, 0]));
        });
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<PostgresProtocolException>(() => server.Connect());

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_row_whose_fields_do_not_fill_it_is_a_protocol_error()
    {
        using var server = new FakeServer(stream =>
        {
            FakeServer.LetIn(stream);
            FakeServer.ReadMessage(stream);
            stream.Write(FakeServer.Message('D', [0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 1]));
        });
        using var connection = server.Connect();

        Assert.Throws<PostgresProtocolException>(() => connection.Query("SELECT 1"));
    }

    [Fact]
    public void A_refusal_keeps_its_sqlstate_and_leaves_the_row_values_of_its_detail_out()
    {
        using var server = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write(FakeServer.Message('E', "SFATAL\0C53300\0Mtoo many clients\0DKey (email)=(secret@example.org)\0\0"u8));
        });

        var refusal = Assert.Throws<PostgresServerException>(() => server.Connect());

        Assert.Equal("53300", refusal.SqlState);
        Assert.True(refusal.IsTransient);
        Assert.DoesNotContain("secret@", refusal.ToString());
    }

    [Theory]
    [InlineData("notices")]
    [InlineData("parameters")]
    [InlineData("rows")]
    [InlineData("proofs")]
    public void A_server_that_talks_without_end_is_left(string what)
    {
        using var server = new FakeServer(stream =>
        {
            if (what == "proofs")
            {
                FakeServer.ReadPacket(stream);
            }
            else
            {
                FakeServer.LetIn(stream);
                FakeServer.ReadMessage(stream);
            }

            for (var i = 0; ; i++)
            {
                stream.Write(what switch
                {
                    "notices" => FakeServer.Message('N', "SNOTICE\0C00000\0Mhello\0\0"u8),
                    "parameters" => FakeServer.Message('S', Encoding.UTF8.GetBytes($"p{i}\0v\0")),
                    "rows" => FakeServer.Message('D', [0, 1, 0, 1, 0, 0, .. new byte[65536]]),
                    _ => FakeServer.Message('v', [0, 0, 0, 0, 0, 0, 0, 0]),
                });
            }
        });

        var error = Assert.Throws<CdcFlowException>(() =>
        {
            using var connection = server.Connect();
            connection.Query("SELECT 1");
        });

        Assert.Equal(PostgresWireErrorCodes.EndlessAnswer, error.Code);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public void A_server_that_falls_silent_after_the_login_is_left_when_it_lets_nobody_else_in()
    {
        using var over = new ManualResetEventSlim();
        var time = new FiringTime();
        using var server = new FakeServer(stream =>
        {
            FakeServer.LetIn(stream);
            FakeServer.ReadMessage(stream);
            time.Fire();
            time.Fire();
            over.Wait();
        });
        using var connection = server.Connect();
        var waits = new WaitWatch(_ => throw new PostgresTransportException("The server did not answer in 15 s."), null!, time, TestContext.Current.CancellationToken);

        var error = Assert.Throws<PostgresTransportException>(() => waits.Watch(connection, "Looking at the tables", () => connection.Query("SELECT 1")));

        over.Set();
        Assert.True(error.IsTransient);
        Assert.Contains("Looking at the tables got no answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pooler_that_refuses_or_drops_the_sessions_settings_is_named_and_not_tried_again()
    {
        using var refusing = new FakeServer(stream =>
        {
            FakeServer.ReadPacket(stream);
            stream.Write(FakeServer.Error("FATAL", "08P01", "unsupported startup parameter: search_path"));
        });
        using var dropping = new FakeServer(stream => FakeServer.LetIn(stream, searchPath: "\"$user\", public"));

        Assert.All([refusing, dropping], server =>
        {
            var refusal = Assert.Throws<CdcFlowException>(() => server.Connect());
            Assert.Equal(PostgresWireErrorCodes.Pooler, refusal.Code);
            Assert.False(refusal.IsTransient);
            Assert.Contains("host and port of PostgreSQL itself", refusal.Fix);
        });
    }

    [Fact]
    public void Cancelling_closes_the_socket_under_a_waiting_query()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new FakeServer(stream =>
        {
            FakeServer.LetIn(stream);
            FakeServer.ReadMessage(stream);
            cancellation.Cancel();
            stream.ReadByte();
        });
        using var connection = server.ConnectUntil("SSL Mode=Disable", cancellation.Token);

        Assert.Throws<OperationCanceledException>(() => connection.Query("SELECT 1"));
    }

    [Fact]
    public void A_server_that_accepts_and_says_nothing_is_given_up_after_the_timeout()
    {
        using var over = new ManualResetEventSlim();
        using var server = new FakeServer(_ => over.Wait());

        var failure = Assert.Throws<PostgresTransportException>(() => server.Connect("SSL Mode=Disable;Timeout=1"));

        over.Set();
        Assert.True(failure.IsTransient);
        Assert.Contains("did not answer in 1 s", failure.Message);
    }

    [Fact]
    public void A_server_that_hangs_up_or_is_not_there_is_a_transient_error_in_words()
    {
        int port;
        using (var server = new FakeServer(stream => FakeServer.ReadPacket(stream)))
        {
            Assert.Contains("the server closed the connection", Assert.Throws<PostgresTransportException>(() => server.Connect()).Message);
            port = server.Port;
        }

        var settings = PostgresConnectionSettings.Parse($"Host=127.0.0.1;Port={port};Username=u;SSL Mode=Disable");
        var absent = Assert.Throws<PostgresTransportException>(() => PostgresConnection.Open(settings, SessionKind.Sql, TestContext.Current.CancellationToken));
        Assert.Contains("nothing listens there", absent.Message);
        Assert.True(absent.IsTransient);
    }
}
