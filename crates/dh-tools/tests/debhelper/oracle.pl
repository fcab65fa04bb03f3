# Asks debhelper's own library. Reads a JSON array of questions from the file that is named,
# prints a JSON array of answers. Each question is answered by a child process, as the
# library keeps what it has read.

use strict;
use warnings;
use JSON::PP;
use POSIX ();
use Debian::Debhelper::Dh_Lib;

$Debian::Debhelper::Dh_Lib::TOOL_NAME = 'dh_x';
my $json = JSON::PP->new->utf8->canonical;

sub text_of {
	my ($path) = @_;
	open(my $in, '<:raw', $path) or die "$path: $!";
	local $/;
	return scalar <$in>;
}

sub parsed {
	my ($question) = @_;
	my @own;
	@ARGV = @{ $question->{arguments} };
	init(options => {
		'check' => sub { push(@own, ['check', undef]) },
		'extras|e=s' => sub { push(@own, ['extras', "$_[1]"]) },
	});
	my $flag = sub { $dh{ $_[0] } ? JSON::PP::true : JSON::PP::false };
	return {
		packages => $dh{DOPACKAGES},
		verbose => $flag->('VERBOSE'),
		no_act => $flag->('NO_ACT'),
		no_scripts => $flag->('NOSCRIPTS'),
		exclude => $dh{EXCLUDE} // [],
		tmpdir => $dh{TMPDIR},
		main => $dh{MAINPACKAGE},
		name => $dh{NAME},
		passed => $dh{U_PARAMS} // [],
		words => \@ARGV,
		own => \@own,
		level => (Debian::Debhelper::Dh_Lib::get_compat_info())[0],
	};
}

my %answers = (
	parse => \&parsed,
	config => sub { return [filedoublearray($_[0]->{file})] },
	pkgfile => sub {
		@ARGV = @{ $_[0]->{arguments} };
		init();
		return pkgfile($_[0]->{package}, $_[0]->{file});
	},
	substvar => sub {
		addsubstvar('foo-all', $_[0]->{name}, $_[0]->{item});
		return text_of('debian/foo-all.substvars');
	},
);

sub answer {
	my ($question) = @_;
	my $result = eval { { said => $answers{ $question->{ask} }->($question) } };
	return $result // { error => "$@" };
}

my @all;
for my $question (@{ $json->decode(text_of($ARGV[0])) }) {
	pipe(my $in, my $out) or die "pipe: $!";
	my $child = fork() // die "fork: $!";
	if (!$child) {
		close($in);
		chdir($question->{directory}) or die "$question->{directory}: $!";
		open(STDERR, '>', '/dev/null') or die "$!";
		delete @ENV{ grep { m/^DH_|^DEB_/ } keys(%ENV) };
		%ENV = (%ENV, %{ $question->{environment} });
		print {$out} $json->encode(answer($question));
		close($out);
		POSIX::_exit(0);
	}
	close($out);
	my $said = do { local $/; <$in> };
	waitpid($child, 0);
	# One that ends on its own has nothing to act on.
	push(@all, length($said // '') ? $json->decode($said) : { nothing => $? >> 8 });
}
print $json->encode(\@all);
